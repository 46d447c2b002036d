"""`shopper doctor` on shops with known faults: each fault is found, and the suggested line fixes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from landing import land
from running import ROOT, Ran, Shopper
from shopper.doctor.inputs import effects
from shopper.load.quality import seed_of

Findings = dict[tuple[str, str], dict[str, Any]]
Look = Callable[..., tuple[int, Findings]]

VARS: Final = "{reporting_timezone: Europe/Paris, reporting_currency: EUR}"
DAYS: Final = [f"{1 + number % 28:02}/{1 + number % 12:02}/2024" for number in range(120)]


@pytest.fixture
def look(shopper: Shopper) -> Look:
    """Run the command with --json. Returns its exit code, and its findings by check and subject."""

    def run(*arguments: object) -> tuple[int, Findings]:
        result = shopper("doctor", "--json", "--vars", VARS, *arguments)
        document = json.loads(result.output)
        assert document["exit_code"] == result.code
        return result.code, {(one["check"], one["subject"]): one for one in document["findings"]}

    return run


def lines(found: Findings, check: str, subject: str) -> list[str]:
    """The suggested lines of a finding."""
    fix = found[check, subject]["fix"]
    assert fix, found[check, subject]
    return list(fix["lines"])


def parsed(text: str) -> dict[str, Any]:
    """Parse YAML as the loader does: every scalar is text."""
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


@pytest.fixture
def foreign_shop(tmp_path: Path) -> Path:
    """A mapping of two files exported in France: decimal commas, day first, local time, prices in cents."""
    orders = "".join(
        f'{n};{"guest" if n % 5 == 0 else f"C{n % 30}"};{day} {8 + n % 12:02}:30;"{2 * (9 + n % 3)},50";paiement\n'
        for n, day in enumerate(DAYS, start=1)
    )
    lines = "".join(f"{n};{n};{1 + n % 7};2;{(9 + (n % 3)) * 100 + 25}\n" for n, _day in enumerate(DAYS, start=1))
    (tmp_path / "orders.csv").write_text("No;Client;Date;Total;State\n" + orders, encoding="utf-8")
    (tmp_path / "lines.csv").write_text("Line;OrderNo;Article;Pieces;Price\n" + lines, encoding="utf-8")
    mapping = tmp_path / "shop.yml"
    mapping.write_text(
        """
sources: {orders: {path: orders.csv, delimiter: ";"}, lines: {path: lines.csv, delimiter: ";"}}
tables:
  orders:
    source: orders
    columns: {order_id: No, customer_id: Client, ordered_at: Date, total_amount: Total, status: State}
  order_items:
    source: lines
    columns: {order_item_id: Line, order_id: OrderNo, product_id: Article, quantity: Pieces, unit_price: Price}
""",
        encoding="utf-8",
    )
    return mapping


def test_the_suggested_lines_fix_a_mapping(foreign_shop: Path, warehouse: Path, look: Look) -> None:
    code, found = look(foreign_shop)
    assert code == 1
    assert lines(found, "cast", "orders.ordered_at") == [
        "ordered_at: {column: Date, format: '%d/%m/%Y %H:%M', timezone: Europe/Paris}"
    ]
    assert lines(found, "cast", "orders.total_amount") == ["total_amount: {column: Total, decimal: ','}"]
    guests = parsed(lines(found, "shared id", "orders.customer_id")[0])
    assert guests == {"customer_id": {"expression": "nullif(\"Client\", 'guest')"}}
    assert found["unmapped value", "orders.status"]["severity"] == "error"
    assert "is not valid" in found["unmapped value", "orders.status"]["message"]
    assert found["unmapped value", "orders.status"]["fix"]["place"] == str(
        seed_of(ROOT, "order_status").relative_to(ROOT)
    )
    assert "paiement,<decide: " in lines(found, "unmapped value", "orders.status")[0]
    document = parsed(foreign_shop.read_text(encoding="utf-8"))
    columns = document["tables"]["orders"]["columns"]
    for subject in ("ordered_at", "total_amount"):
        columns |= parsed(lines(found, "cast", f"orders.{subject}")[0])
    columns |= guests
    columns["status"] = {"value": "paid"}
    foreign_shop.write_text(yaml.safe_dump(document), encoding="utf-8")

    code, found = look(foreign_shop)  # once totals cast, they can be compared with the lines
    assert code == 1
    assert found["unit", "order_items.unit_price"]["rows"] == len(DAYS)
    document["tables"]["order_items"]["columns"] |= parsed(lines(found, "unit", "order_items.unit_price")[0])
    foreign_shop.write_text(yaml.safe_dump(document), encoding="utf-8")

    code, found = look(foreign_shop)
    assert [one for one in found.values() if one["severity"] != "note"] == []
    assert code == 0
    assert not warehouse.exists()


def totals(folder: Path, *values: str, column: str = "total_amount") -> Path:
    """A mapping of one file of orders with these totals, in a column named `Total`."""
    (folder / "totals.csv").write_text(
        "No;When;Total\n" + "".join(f"{n};2024-03-01;{value}\n" for n, value in enumerate(values)), encoding="utf-8"
    )
    mapping = folder / "totals.yml"
    mapping.write_text(
        "sources: {shop: {path: totals.csv, delimiter: ';'}}\n"
        f"tables: {{orders: {{source: shop, columns: {{order_id: No, ordered_at: When, {column}: Total}}}}}}\n",
        encoding="utf-8",
    )
    return mapping


@pytest.mark.parametrize(
    ("values", "line", "sums"),
    [
        (("1,008.10", "752.00"), "{column: Total, decimal: .}", "from 752.00 to 1,760.10"),
        (("1.008,10", "752,00", "1.250"), "{column: Total, decimal: ','}", "from 1.25 to 3,010.10"),
        (("$9.50", "752.00"), "{column: Total, decimal: .}", "from 752.00 to 761.50"),
        (("1,250", "30"), "{column: Total, decimal: '<, or .>'}", None),
        (("12.50", "1,5"), None, None),
        (("5 CAD", "12.50"), None, None),
        (("12%", "12.50"), None, None),
    ],
)
def test_a_decimal_sign_is_proposed_only_if_it_reads_the_whole_column(
    tmp_path: Path, look: Look, values: tuple[str, ...], line: str | None, sums: str | None
) -> None:
    _code, found = look(totals(tmp_path, *values))
    finding = found["cast", "orders.total_amount"]
    assert (finding["fix"] and finding["fix"]["lines"]) == (line and [f"total_amount: {line}"])
    assert sums is None or sums in finding["message"]


def test_a_word_among_amounts_is_proposed_as_unknown(tmp_path: Path, look: Look) -> None:
    _code, found = look(totals(tmp_path, "12.50", "n/a"))
    fix = parsed(lines(found, "cast", "orders.total_amount")[0])
    assert fix == {"total_amount": {"expression": 'case "Total" when \'n/a\' then null else "Total" end'}}


def test_a_percent_sign_divides_only_the_values_that_have_one(tmp_path: Path, look: Look) -> None:
    (tmp_path / "codes.csv").write_text("promotion_code,discount_rate\na,0.2\nb,12%\n", encoding="utf-8")
    mapping = tmp_path / "codes.yml"
    head = "sources: {codes: {path: codes.csv}}\ntables:\n  promotions:\n    source: codes\n"
    mapping.write_text(head, encoding="utf-8")
    _code, found = look(mapping)
    line = lines(found, "cast", "promotions.discount_rate")[0]
    mapping.write_text(f"{head}    columns:\n      promotion_code: promotion_code\n      {line}\n", encoding="utf-8")
    assert ("cast", "promotions.discount_rate") not in look(mapping)[1]


def test_the_key_of_a_file_is_no_column_of_the_shop(tmp_path: Path, look: Look) -> None:
    assert ("inputs", "orders") not in look(totals(tmp_path, "12.50"))[1]


def test_a_proposal_names_its_part(tmp_path: Path, look: Look) -> None:
    mapping = totals(tmp_path, "12.50", "9.00")
    (tmp_path / "others.csv").write_text('Id,Day,Sum\n1,2024-03-02,"1,008.10"\n2,2024-03-02,7.00\n', encoding="utf-8")
    document = parsed(mapping.read_text(encoding="utf-8"))
    document["sources"]["others"] = {"path": "others.csv"}
    columns = {"order_id": "Id", "ordered_at": "Day", "total_amount": "Sum"}
    document["tables"]["orders"] = [document["tables"]["orders"], {"source": "others", "columns": columns}]
    mapping.write_text(yaml.safe_dump(document), encoding="utf-8")
    _code, found = look(mapping)
    assert found["cast", "orders.total_amount"]["fix"] == {
        "place": "totals.yml, tables.orders[2].columns",
        "lines": ["total_amount: {column: Sum, decimal: .}"],
    }


def test_a_day_that_fits_both_ways_is_asked(tmp_path: Path, look: Look, shopper: Shopper) -> None:
    mapping = totals(tmp_path, "03/04/2024", "05/06/2024", column="paid_at")
    _code, found = look(mapping)
    line = lines(found, "cast", "orders.paid_at")[0]
    assert parsed(line)["paid_at"]["format"] == "<%d/%m/%Y or %m/%d/%Y>"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("paid_at: Total", line), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2
    assert "columns.paid_at.format: still to be decided, <%d/%m/%Y or %m/%d/%Y>" in result.output


def raw_shop() -> dict[str, list[dict[str, str | None]]]:
    """Raw tables with faults that are visible without a mapping."""
    orders: list[dict[str, str | None]] = []
    sessions: list[dict[str, str | None]] = []
    for number in range(200):
        night = f"2024-03-{1 + number % 28:02} {1 + number % 4:02}:{number % 60:02}:00"
        orders.append(
            {
                "order_id": f"O{number // 2}",
                "customer_id": f"0{number}",
                "ordered_at": night,
                "total_amount": "10",
                "currency": "USD" if number % 4 == 0 else "EUR",
                "discount_amount": "-1",
                "paid_at": None,
                "customerref": "x",
            }
        )
        sessions.append(
            {
                "session_id": f"S{number}",
                "visitor_id": f"v{number}@example.com",
                "started_at": "2024-03-01 23:00:00",
                "utm_source": "gazette" if number % 2 else "google",
                "utm_medium": "inserts" if number % 2 else "cpc",
            }
        )
    events: list[dict[str, str | None]] = [
        {"event_id": f"E{n}", "visitor_id": "v", "event_type": kind, "occurred_at": f"20{when}-01-01 10:00:00"}
        for n, (kind, when) in enumerate(
            [("add_to_basket", "24"), ("wiggle", "24"), ("page_view", "99"), ("Scroll", "24")]
        )
    ]
    items: list[dict[str, str | None]] = [
        {"order_item_id": f"I{n}", "order_id": f"o{n}", "quantity": "1", "unit_price": "10"} for n in range(50)
    ]
    customers: list[dict[str, str | None]] = [{"customer_id": f"{number}"} for number in range(200)]
    return {"orders": orders, "sessions": sessions, "events": events, "order_items": items, "customers": customers}


def test_faults_of_raw_tables_are_found(warehouse: Path, look: Look, shopper: Shopper) -> None:
    land(warehouse, raw_shop())
    before = warehouse.read_bytes()
    code, found = look()
    assert code == 1
    subjects = {
        ("repeated key", "orders.order_id"): "error",
        ("sign", "orders.discount_amount"): "error",
        ("orphan", "order_items.order_id"): "error",
        ("currency", "orders.currency"): "error",
        ("orphan", "orders.customer_id"): "warning",
        ("time zone", "orders.ordered_at"): "warning",
        ("personal data", "sessions.visitor_id"): "warning",
        ("channel", "sessions.utm_source"): "warning",
        ("unmapped value", "events.event_type"): "error",
        ("future", "events.occurred_at"): "error",
        ("inputs", "payments"): "note",
    }
    severities = {key: found.get(key, {}).get("severity") for key in subjects}
    assert severities == subjects
    assert lines(found, "unmapped value", "events.event_type")[0] == "add_to_basket,add_to_cart,own"
    assert lines(found, "channel", "sessions.utm_source") == ["<priority below 900>,<channel>,gazette,,inserts,,,,"]
    assert lines(found, "currency", "orders.currency") == ["<first day>,USD,<rate>"]
    assert "ltrim" in lines(found, "orphan", "orders.customer_id")[0]
    assert "partition by" in lines(found, "repeated key", "orders.order_id")[0]
    assert found["time zone", "orders.ordered_at"]["fix"]["lines"][0].startswith("reporting_timezone:")
    assert "v0@" not in json.dumps(found["personal data", "sessions.visitor_id"])
    assert found["time of day", "sessions.started_at"]["severity"] == "note"  # 23:00 UTC is midnight in Paris
    assert "wiggle" in lines(found, "unmapped value", "events.event_type")[1]
    assert found["left out", "events.event_type"]["examples"] == ["Scroll (1)"]
    assert "customerref" in found["inputs", "orders"]["message"]
    assert warehouse.read_bytes() == before

    printed = shopper("doctor", "--vars", VARS)
    assert printed.code == 1
    assert "error orders.order_id: 100 duplicate keys: 0 rows are exact copies, 100 differ" in printed.output
    assert "in seeds/reference/event_type_mapping.csv: add_to_basket,add_to_cart,own" in printed.output


def test_findings_that_would_stop_the_run(warehouse: Path, look: Look) -> None:
    land(warehouse, {"orders": [{"order_id": "1", "order_date": "2024-01-01"}], "customers": [{"customer_id": "a"}]})
    code, found = look()
    assert code == 2
    assert found["inputs", "orders.ordered_at"]["severity"] == "stops"
    assert lines(found, "inputs", "orders.ordered_at") == ["ordered_at: order_date"]
    land(warehouse, {"customers": [{"customer_id": "a"}]})
    code, found = look()
    assert code == 2
    assert found["inputs", "raw"]["severity"] == "stops"


def test_unreadable_lines_stop_the_run(foreign_shop: Path, warehouse: Path, look: Look) -> None:
    with (foreign_shop.parent / "orders.csv").open("a", encoding="utf-8") as lines_of_orders:
        lines_of_orders.write("200;x\n")
    code, found = look(foreign_shop)
    assert (code, found["rejects", "files"]["rows"]) == (2, 1)


def test_the_faults_of_the_sample_shop_are_no_errors(shopper: Shopper, warehouse: Path) -> None:
    """The sample shop has every kind of fault in a few rows; none of them is an error."""
    result = shopper("doctor", "--sample", "--json")
    document = json.loads(result.output)
    assert result.code == 0, [one for one in document["findings"] if one["severity"] in {"stops", "error"}]
    checks = {one["check"] for one in document["findings"]}
    assert {"cast", "unmapped value", "repeated key", "orphan", "future", "clock", "currency", "required"} <= checks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((), "no warehouse there", id="nothing landed"),
        pytest.param(("none.yml",), "none.yml: can't be read", id="no mapping"),
        pytest.param(("--vars", "["), "--vars: not valid YAML", id="vars"),
        pytest.param(("--vars", "a"), "--vars: expected a mapping", id="no vars"),
        pytest.param(("--sample", "a.yml"), "give one of them", id="both"),
    ],
)
def test_mistakes_are_reported(shopper: Shopper, warehouse: Path, arguments: tuple[str, ...], message: str) -> None:
    result: Ran = shopper("doctor", *arguments)
    assert result.code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_every_input_has_a_described_effect() -> None:
    from shopper.contract import load_contract

    contract = load_contract(ROOT)
    assert set(effects()["tables"]) == set(contract.by_name)
    for subject in (*effects()["columns"], *effects()["values"]):
        table, column = subject.split(".")
        assert column in contract.by_name[table].by_name, subject
