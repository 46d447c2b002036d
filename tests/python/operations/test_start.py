"""`shopper start`: from a folder of exports to a published shop, unattended or asked, once or again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from operated_shop import Shop

from running import ROOT, Shopper
from shopper.bench.endurance.processes import Call
from shopper.contract import load_contract
from shopper.errors import BadInput
from shopper.load.mapping import read_mapping
from shopper.progress import Progress
from shopper.start import asking
from shopper.start.asking import Answers, ask_for
from shopper.start.places import Place
from shopper.start.starting import prepare

ORDERS = "order_id,customer_id,ordered_at,status,total_amount\n1,a,2024-01-30,paid,10.00\n2,b,2024-01-31,paid,20.00\n"


@pytest.fixture
def exports(shop: Shop) -> Path:
    folder = shop.folder / "exports"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder


def start(shop: Shop, *arguments: object) -> Call:
    """Start into the folder `mine` of the shop."""
    return shop.processes.run("start", *arguments, "--to", shop.folder / "mine", environment=shop.environment)


def test_a_folder_becomes_a_published_shop_in_one_place(shop: Shop, exports: Path) -> None:
    call = start(shop, exports, "--timezone", "Europe/Paris", "--currency", "EUR")
    assert call.process.exitcode == 0, call.output
    steps = ["map", "read", "examine", "check", "load", "build", "publish"]
    assert [call.output.index(f"{step}: started") for step in steps] == sorted(
        call.output.index(f"{step}: started") for step in steps
    )
    assert "Rows left out: none" in call.output and "every night" in call.output
    place = shop.folder / "mine"
    assert {path.name for path in place.iterdir()} >= {
        "mapping.yml",
        "shop.yml",
        "warehouse",
        "published",
        "doctor.txt",
    }
    assert (place / "published" / "shop.duckdb").exists() and (place / "published" / "report.html").exists()
    configuration = yaml.safe_load((place / "shop.yml").read_text(encoding="utf-8"))
    assert configuration["vars"] == {"reporting_timezone": "Europe/Paris", "reporting_currency": "EUR"}
    # The configuration is one for `shopper run`.
    again = shop.processes.run("run", place / "shop.yml", environment=shop.environment)
    assert again.process.exitcode == 0, again.output


def test_a_second_start_goes_on_with_what_is_there(shop: Shop, exports: Path) -> None:
    place = shop.folder / "mine"
    failed = start(shop, exports, "--timezone", "Europe/Paris", "--currency", "EUR", "--project", shop.folder)
    assert failed.process.exitcode == 2 and not place.exists()
    assert start(shop, exports, "--timezone", "Europe/Paris", "--currency", "EUR").process.exitcode == 0
    mapping = (place / "mapping.yml").read_text(encoding="utf-8") + "# mine\n"
    (place / "mapping.yml").write_text(mapping, encoding="utf-8")
    (exports / "orders.csv").write_text(ORDERS + "3,c,2024-02-01,paid,30.00\n", encoding="utf-8")
    (exports / "costs.csv").write_text("spend_date,spend\n2024-01-31,5\n", encoding="utf-8")
    again = start(shop, exports)  # zone and currency are not asked again
    assert again.process.exitcode == 0, again.output
    assert "mapping.yml was there and is used as it is" in again.output
    assert "costs.csv is not in it" in again.output and "orders.csv is not in it" not in again.output
    assert (place / "mapping.yml").read_text(encoding="utf-8") == mapping
    assert start(shop).process.exitcode == 0  # nor is the folder
    other = start(shop, "--currency", "USD")
    assert other.process.exitcode == 2 and "says EUR; change it there" in other.output


def test_exports_of_a_known_tool_are_mapped_by_its_ready_source(tmp_path: Path) -> None:
    class Told(Progress):
        def __init__(self) -> None:
            self.lines: list[str] = []

        def log(self, text: str) -> None:
            self.lines.append(text)

    told = Told()
    place = Place(tmp_path / "mine")
    exports = ROOT / "sources" / "shopify_export" / "example"
    prepare(place, Answers(exports, "Europe/Paris", "EUR", True), ROOT, told)
    mapped = next(line for line in told.lines if "(sources/shopify_export)" in line)
    assert "customers_export.csv, orders_export_1.csv" in mapped and str(exports) not in mapped
    text = place.mapping.read_text(encoding="utf-8")
    assert "timezone: Europe/Paris, currency: EUR, prices_include_tax:" in text
    assert {"orders", "order_items", "customers"} <= set(read_mapping(place.mapping, load_contract(ROOT)).tables)


def test_the_source_that_counts_is_chosen_with_the_draft(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    for name in ("woocommerce_export", "stripe_export"):
        shutil.copytree(ROOT / "sources" / name / "example", exports / name)
    place = Place(tmp_path / "mine")
    counted = {"payments": {"stripe_export"}}
    answers = ask_for(
        place, ROOT, folder=exports, timezone="Europe/Paris", currency="EUR", taxed=False, counted=counted
    )
    prepare(place, answers, ROOT, Progress())
    (part,) = read_mapping(place.mapping, load_contract(ROOT)).tables["payments"]
    assert part.source.startswith("stripe_export")
    with pytest.raises(BadInput, match=r"--count: .*mapping\.yml is there already; delete it"):
        ask_for(place, ROOT, folder=exports, timezone=None, currency=None, taxed=None, counted=counted)


def test_what_would_stop_the_run_stops_the_start(shop: Shop, exports: Path) -> None:
    place = shop.folder / "mine"
    place.mkdir()
    (place / "mapping.yml").write_text(
        f"sources:\n  s: {{path: {exports / 'orders.csv'}}}\n"
        "tables:\n  products: {source: s, columns: {product_id: order_id}}\n",
        encoding="utf-8",
    )
    call = start(shop, exports, "--timezone", "Europe/Paris", "--currency", "EUR")
    assert call.process.exitcode == 2
    assert "Nothing was loaded" in call.output and "load: started" not in call.output
    assert "stops" in (place / "doctor.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "FOLDER is not given, and there is no terminal to ask on"),
        (("no-such-folder",), "no-such-folder: no such folder"),
        (("{exports}",), "--timezone is not given, and there is no terminal to ask on"),
        (("{exports}", "--timezone", "Paris", "--currency", "EUR"), "--timezone: reporting_timezone is 'Paris'"),
        (("{exports}", "--timezone", "Europe/Paris", "--currency", "Euro"), "reporting_currency is 'Euro'"),
        (("{empty}", "--timezone", "Europe/Paris", "--currency", "EUR"), "no files there"),
        (("{exports}", "--count", "payments"), "--count payments: expected a table and a source"),
    ],
)
def test_without_a_terminal_nothing_is_asked(
    arguments: tuple[str, ...], message: str, tmp_path: Path, shopper: Shopper
) -> None:
    for name in ("exports", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "exports" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    given = [part.format(exports=tmp_path / "exports", empty=tmp_path / "empty") for part in arguments]
    result = shopper("start", *given, "--to", tmp_path / "mine")
    assert result.code == 2 and message in result.output
    assert not (tmp_path / "mine" / "mapping.yml").exists()


def test_on_a_terminal_it_asks_until_the_answer_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["nowhere", str(tmp_path), "Paris", "Europe/Paris", "euro", "EUR", "Yes"])
    asked: list[str] = []

    def prompt(question: str) -> str:
        asked.append(question.split(",")[0])
        return next(given)

    monkeypatch.setattr(asking.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(asking.typer, "prompt", prompt)
    answers = ask_for(Place(tmp_path / "mine"), ROOT, folder=None, timezone=None, currency=None, taxed=None)
    assert answers == Answers(tmp_path, "Europe/Paris", "EUR", True)
    asked_of = ["Folder with the files that your shop's tools export", "Time zone of the shop", "Currency of the shop"]
    assert asked[:-1] == [question for question in asked_of for _twice in (1, 2)]
    assert asked[-1].startswith("Do the shop's prices include tax")


def test_answers_that_are_kept_must_not_be_contradicted(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write_configuration("Europe/Paris", "EUR")
    place.mapping.write_text("", encoding="utf-8")
    kept = ask_for(place, ROOT, folder=None, timezone="Europe/Paris", currency=None, taxed=None)
    assert (kept.folder, kept.currency) == (None, None)
    with pytest.raises(BadInput, match=r"--timezone UTC: .*shop\.yml says Europe/Paris; change it there"):
        ask_for(place, ROOT, folder=None, timezone="UTC", currency=None, taxed=None)
