"""The first part of a report: revenue, orders, buyers and channels of four weeks against the four weeks before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from running import ROOT
from shopper.run import default_config
from shopper.run.overview import Figure, read_overview
from shopper.run.report import Facts, write_report

# Days 1 to 70 of 2024 (to 10 March): 2 orders of 10.00 a day, and on the last 28 days 3. Channels take turns.
SHOP = """
create schema marts;
create table marts.orders as
select
    date '2024-01-01' + cast(day as integer) as order_date, number as customer_id, true as is_valid,
    case when number = 0 then 'email' else 'paid_search' end as channel, 10.00::decimal(18, 2) as net_revenue
from range(70) as days (day), range(3) as numbers (number) where number < 2 or day >= 42;
alter table marts.orders alter customer_id type varchar;
insert into marts.orders values ('2024-03-10', 'unknown', true, 'email', 5), ('2024-03-10', '9', false, 'email', 99);
create table marts.kpi_daily as
select order_date as date, sum(net_revenue)::decimal(18, 2) as net_revenue, count(*) as orders,
    null::bigint as sessions
from marts.orders where is_valid group by order_date;
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SHOP)
    return path


def test_four_weeks_are_compared_with_the_four_before(published: Path) -> None:
    found = read_overview(published, "EUR")
    assert found is not None and (found.until, found.currency) == (date(2024, 3, 10), "EUR")
    # 28 days x 3 x 10 + 5, against 28 x 2 x 10; sessions are not known and not shown; `unknown` is no buyer.
    assert [(one.name, one.now, one.before) for one in found.figures if one.name != "per order"] == [
        ("net revenue", 845, 560),
        ("orders", 85, 56),
        ("buyers", 3, 2),
    ]
    assert found.channels == (
        Figure("paid search", Decimal(560), Decimal(280), True),
        Figure("email", Decimal(285), Decimal(280), True),
    )
    # January 31 x 20; February 29 x 20 and, from the 12th, 18 x 10; March, so far, 10 x 30 + 5.
    assert [(one.month.month, one.net_revenue, one.orders, one.is_complete) for one in found.months] == [
        (1, 620, 62, True),
        (2, 760, 76, True),
        (3, 305, 31, False),
    ]


def test_more_channels_than_fit_are_added_up(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "insert into marts.orders select '2024-03-09', 'x', true, 'channel_' || n, 1 from range(9) as channels (n)"
        )
    found = read_overview(published, "EUR")
    assert found is not None
    assert len(found.channels) == 8 and found.channels[-1] == Figure("other channels", Decimal(4), Decimal(0), True)
    assert sum(one.now or 0 for one in found.channels) == 845 + 9


@pytest.mark.parametrize("statement", ["drop table marts.kpi_daily", "delete from marts.kpi_daily"])
def test_without_days_there_is_no_overview(published: Path, statement: str) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute(statement)
    assert read_overview(published, "EUR") is None


def test_a_shop_without_orders_has_its_visits(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute("drop table marts.orders")
        connection.execute("update marts.kpi_daily set net_revenue = null, orders = null, sessions = 7")
    found = read_overview(published, "EUR")
    assert found is not None and found.channels == ()
    assert found.figures == (Figure("sessions", Decimal(28 * 7), Decimal(28 * 7), False),)


def test_the_page_says_how_many_totals_are_not_the_sum_of_their_parts(published: Path, tmp_path: Path) -> None:
    """Of valid orders that land a total: 26 on even days of two customers, of 52."""
    with duckdb.connect(str(published)) as connection:
        connection.execute("alter table marts.orders add column has_total_mismatch boolean")
        connection.execute(
            "update marts.orders set has_total_mismatch = day(order_date) % 2 = 0"
            " where order_date < '2024-01-27' and customer_id in ('0', '1')"
        )
    moment = datetime(2024, 3, 11, tzinfo=UTC)
    facts = Facts("a run", default_config(ROOT), moment, moment)
    facts.overview = read_overview(published, "EUR")
    assert facts.overview and (facts.overview.totals, facts.overview.mismatched_totals) == (52, 26)
    write_report(facts, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "26 of 52 orders have a total that is not the sum" in page


def test_the_page_begins_with_the_business_and_folds_what_is_not_used(published: Path, tmp_path: Path) -> None:
    moment = datetime(2024, 3, 11, tzinfo=UTC)
    facts = Facts("a run", default_config(ROOT), moment, moment)
    facts.overview = read_overview(published, "EUR")
    facts.load = {"sources": [], "tables": [], "notes": ["not used: orders: a, b", "absent: refunds"]}
    facts.ledger = [
        {"table_name": "events", "rows_in": 9, "staged": 5, "duplicates": 0, "quarantined": 4},
        {"table_name": "orders", "rows_in": 9, "staged": 7, "duplicates": 0, "quarantined": 2},
    ]
    facts.quarantine = [
        {"table_name": "events", "rejection_reason": "event_type_ignored", "row_count": 4},
        {"table_name": "orders", "rejection_reason": "deleted_at_source", "row_count": 1},
        {"table_name": "orders", "rejection_reason": "ordered_at_missing", "row_count": 1},
    ]
    write_report(facts, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.index("Last 28 days, to 2024-03-10") < page.index("Net revenue by month") < page.index("The run")
    assert "845<small> EUR</small>" in page and "+50.9% on the 28 days before" in page
    assert "2024-03: 305 EUR, 31 orders, so far" in page
    folded = page[page.index("Columns that the mapping does not use (1 source)") :]
    assert "orders: a, b" in folded[: folded.index("</details>")]
    ledger = page[page.index("Row ledger") : page.index("Quarantine by reason")]
    assert '<td class="number">4</td></tr>' in ledger  # all of the events were ignored by name
    assert '<td class="number warn">2</td></tr>' in ledger
