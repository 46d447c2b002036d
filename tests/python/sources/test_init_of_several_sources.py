"""`shopper init` on files of several tools: one mapping in which the same money does not count twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from source_checks import load_source

from running import ROOT
from shopper.contract import load_contract
from shopper.errors import BadInput
from shopper.init.writing import ShopAnswers, Written, write_mapping
from shopper.init.yielding import counted_of

SHOP = ShopAnswers("Europe/Paris", "EUR")


def load(folder: Path, *sources: str, counted: tuple[str, ...] = ()) -> tuple[Written, dict[str, int]]:
    """Load the examples of ready sources as one shop. Returns what init wrote, and the rows by table."""
    folder.mkdir(exist_ok=True)
    files = [file for name in sources for file in sorted((ROOT / "sources" / name / "example").iterdir())]
    answers = replace(SHOP, counted=counted_of(counted))
    written = write_mapping(files, folder, load_contract(ROOT), ROOT, answers)
    (folder / "my_shop.yml").write_text(written.text, encoding="utf-8")
    load_source(folder / "my_shop.yml", folder / "shop.duckdb")
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        counts = {name: connection.execute(f"select count(*) from raw.{name}").fetchone() for (name,) in tables}
    return written, {name: row[0] if row else 0 for name, row in counts.items()}


@pytest.mark.parametrize(
    ("payments", "lost"),
    [
        ("stripe", "attempts that failed (payments), lost disputes (refunds)"),
        ("stripe_export", "attempts that failed (payments), lost disputes (refunds)"),
        ("paypal", "attempts that failed (payments), reversals and chargebacks (refunds)"),
    ],
)
def test_payments_beside_a_shop_do_not_count_twice_and_init_says_what_is_lost(
    payments: str, lost: str, tmp_path: Path
) -> None:
    _, shop = load(tmp_path / "alone", "woocommerce_export")
    written, both = load(tmp_path / "together", "woocommerce_export", payments)
    shared = ("orders", "order_items", "customers", "payments", "refunds")
    assert {name: both[name] for name in shared} == {name: shop[name] for name in shared}
    said = [line for line in written.notes if "the shop's own count" in line]
    assert len(said) == 1
    assert "its orders, customers, payments, refunds are left out" in said[0]
    assert f"Not in the marts where the shop lacks them: {lost}" in said[0]
    assert said[0].endswith(f"to count its own: --count payments={payments} --count refunds={payments}")


def test_the_payments_of_a_payment_service_count_where_the_user_says_so(tmp_path: Path) -> None:
    """Failed attempts and lost disputes are then there; the orders are still the shop's."""
    _, shop = load(tmp_path / "shop", "woocommerce_export")
    _, stripe = load(tmp_path / "stripe", "stripe_export")
    said = ("payments=stripe_export", "refunds=stripe_export")
    written, both = load(tmp_path / "both", "woocommerce_export", "stripe_export", counted=said)
    assert (both["payments"], both["refunds"]) == (stripe["payments"], stripe["refunds"])
    assert (both["orders"], both["customers"]) == (shop["orders"], shop["customers"])
    with duckdb.connect(str(tmp_path / "both" / "shop.duckdb"), read_only=True) as connection:
        failed = connection.execute("select count(*) from raw.payments where status = 'failed'").fetchone()
    assert failed and failed[0] > 0
    notes = [line for line in written.notes if "are left out" in line]
    assert [line.split(": ")[1] for line in notes] == [
        "its payments are left out, the stripe_export's own count",
        "its refunds are left out, the stripe_export's own count",
        "its orders, customers are left out, the shop's own count",
    ]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("payments", "--count payments: expected a table and a source, such as payments=stripe"),
        ("payments=stripe", "no file of stripe fills payments; did you mean stripe_export"),
        ("reviews=stripe_export", "none of the files fills reviews"),
    ],
)
def test_a_source_that_can_not_count_is_an_error(said: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        load(tmp_path, "woocommerce_export", "stripe_export", counted=(said,))


def test_the_spend_of_all_platforms_is_one_table(tmp_path: Path) -> None:
    written, rows = load(tmp_path, "woocommerce_export", "google_ads", "meta_ads", "tiktok_ads")
    assert written.left_out == ()
    assert rows["marketing_spend"] == 7 + 8 + 4
    assert not [line for line in written.notes if "the shop's own count" in line]


@pytest.mark.parametrize(
    "header",
    [
        "Date,Campaign name,Spend,Impressions,Clicks",
        "Day,Campaign,Cost,Displays,Clicks",
        "date,campaign_name,spend,impressions,clicks",
        "Day,Campaign Name,Amount Spent,Paid Impressions,Swipe Ups",
    ],
)
def test_the_report_of_another_ad_platform_is_not_taken_for_a_known_one(header: str, tmp_path: Path) -> None:
    files = [tmp_path / "report.csv", *sorted((ROOT / "sources" / "google_ads" / "example").iterdir())]
    files[0].write_text(f"{header}\n2026-03-01,A,5,6,7\n", encoding="utf-8")
    written = write_mapping(files, tmp_path, load_contract(ROOT), ROOT, SHOP)
    assert "(sources/google_ads)" in " ".join(written.placed)
    assert not [line for line in written.placed if f"/{files[0].name}: " in line and "(sources/" in line]


def test_exchange_rates_belong_to_a_tool_only_beside_its_own_files(tmp_path: Path) -> None:
    rates = ROOT / "sources" / "baidu_ads" / "example" / "exchange_rates.csv"
    shop = sorted((ROOT / "sources" / "woocommerce_export" / "example").iterdir())
    written = write_mapping([rates, *shop], tmp_path, load_contract(ROOT), ROOT, SHOP)
    assert [line for line in written.placed if "exchange_rates.csv" in line and "(sources/" not in line]
    written = write_mapping([rates, rates.with_name("report_days.csv")], tmp_path, load_contract(ROOT), ROOT, SHOP)
    assert all("(sources/baidu_ads)" in line for line in written.placed)


def test_the_visits_of_a_tracker_go_before_those_that_a_shop_knows(tmp_path: Path) -> None:
    tracker, together = tmp_path / "tracker", tmp_path / "together"
    tracker.mkdir()
    together.mkdir()
    _, visits = load(tracker, "segment")
    written, both = load(together, "shopify_airbyte", "segment")
    assert both["events"] == visits["events"]
    assert both["orders"] == 22
    assert [
        line for line in written.notes if line.endswith("its sessions, events are left out, the tracker's own count")
    ]
