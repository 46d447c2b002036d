"""An input that is silent for weeks in the middle of its time: rates over these days are null, and nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
from base_shop import VARIABLES, Base

from running import ROOT
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.crosscheck import crosscheck

_COMPARED: Final = {
    "kpi_daily", "channel_efficiency", "channel_attribution", "sessions", "landing_pages", "search_terms",
    "content_performance", "int_attention_windows", "attention_list",
}  # fmt: skip
_READ: Final = {*_COMPARED, "channel_efficiency_overall", "customer_lifetime_value", "winback_candidates"}
_INSIDE: Final = "date '2024-10-01'"
"""A month that lies wholly in each of the outages."""

_BELOW_PAYBACK: Final = "select subject from marts.attention_list where kind = 'channel_below_payback'"


class Outage:
    """The base shop without the rows of some tables from one day to another, both included."""

    def __init__(self, base: Base, path: Path, first: str, last: str) -> None:
        self._base, self._path, self._days = base, path, f"between date '{first}' and date '{last}'"
        self.connection = base.replay.copy(path)

    def cut(self, **columns: str) -> None:
        """Take the rows away, by the date column of each table, and compute the marts without them."""
        for table, column in columns.items():
            self.connection.execute(f"delete from raw.{table} where try_cast(left({column}, 10) as date) {self._days}")
        self._base.replay.run(self.connection, needed=_READ)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def pieces(self, name: str) -> int:
        return int(self.rows(f"select count(*) from intermediate.int_input_pieces where input = '{name}'")[0][0])

    def disagreements(self) -> list[str]:
        """Marts that differ from the second computation. Closes the connection."""
        self.connection.close()
        checks = [check for check in CHECKS if check.mart in _COMPARED]
        outcome = crosscheck(self._path, ROOT, VARIABLES, checks)
        return [f"{one.check.mart}: {one.check.what}" for one in outcome.results if not one.passed]


@pytest.fixture
def outage(base: Base, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Outage]:
    opened = Outage(base, tmp_path / base.warehouse.name, *request.param)
    yield opened
    opened.connection.close()


def _attribution(connection: duckdb.DuckDBPyConnection) -> dict[Any, int]:
    """Known returns on spend of each month."""
    query = "select month, count(roas) from marts.channel_attribution group by month"
    return dict(connection.execute(query).fetchall())


@pytest.mark.parametrize("outage", [("2024-09-24", "2024-11-05")], indirect=True)
def test_a_tracker_that_was_off_for_six_weeks(outage: Outage) -> None:
    """Orders without visits have no channel, so no channel has a cost on these days; the shop's own return has one."""
    roi, found = outage.rows("select date, roi from marts.kpi_daily order by date"), outage.rows(_BELOW_PAYBACK)
    whole = outage.rows("select sum(spend_on_common_days) from marts.channel_efficiency_overall")[0][0]
    known = _attribution(outage.connection)
    outage.cut(sessions="started_at", events="occurred_at")
    assert outage.pieces("traffic") == 2
    assert outage.rows("select date, roi from marts.kpi_daily order by date") == roi
    inside = f"from marts.channel_efficiency where month = {_INSIDE}"
    spend, common, judged = outage.rows(
        f"select sum(spend), sum(spend_on_common_days), count(coalesce(cac, roas, claimed_to_own_ratio)) {inside}"
    )[0]
    assert (spend > 0, common, judged) == (True, 0, 0)
    left = outage.rows("select sum(spend_on_common_days) from marts.channel_efficiency_overall")[0][0]
    assert 0 < left < whole
    months = _attribution(outage.connection)
    silent = {month for month, count in months.items() if count < known[month]}
    assert sorted(f"{month:%Y-%m}" for month in silent) == ["2024-09", "2024-10", "2024-11"]
    assert {months[month] for month in silent} == {0}
    assert set(outage.rows(_BELOW_PAYBACK)) <= set(found)
    assert outage.disagreements() == []


@pytest.mark.parametrize("outage", [("2024-09-15", "2024-11-15")], indirect=True)
def test_ad_spend_that_is_missing_for_two_months(outage: Outage) -> None:
    """Customers of these days have no known cost, so they do not make the others cheaper."""
    customers = "select sum(new_customers_on_common_days) from marts.channel_efficiency_overall where spend > 0"
    before = outage.rows(customers)[0][0]
    outage.cut(marketing_spend="spend_date")
    assert outage.pieces("spend") == 2
    assert 0 < outage.rows(customers)[0][0] < before
    assert outage.rows(f"select count(roi) from marts.kpi_daily where date_trunc('month', date) = {_INSIDE}") == [(0,)]
    judged = f"select count(coalesce(cac, roas)) from marts.channel_efficiency where month = {_INSIDE}"
    assert outage.rows(judged) == [(0,)]
    assert _attribution(outage.connection)[outage.rows(f"select {_INSIDE}")[0][0]] == 0
    assert outage.disagreements() == []


@pytest.mark.parametrize("outage", [("2024-09-24", "2024-11-05")], indirect=True)
def test_orders_that_are_missing_for_six_weeks(outage: Outage) -> None:
    """Whether a visit of these days led to an order is unknown; so it is for a new visitor of the 30 days before."""
    outage.cut(orders="ordered_at")
    assert outage.pieces("orders") == 2
    month = f"date_trunc('month', session_date) = {_INSIDE}"
    assert outage.rows(f"select count(*) > 0, count(orders) from marts.sessions where {month}") == [(True, 0)]
    for mart in ("kpi_daily", "channel_efficiency", "landing_pages", "search_terms", "content_performance"):
        column = "date" if mart == "kpi_daily" else "month"
        rates = f"select count(*) > 0, count(conversion_rate) from marts.{mart}"
        assert outage.rows(f"{rates} where date_trunc('month', {column}) = {_INSIDE}") == [(True, 0)], mart
    matured = "select coalesce(sum(matured_new_visitors), 0) from marts.channel_efficiency where month = date '{}'"
    assert outage.rows(matured.format("2024-10-01")) == [(0,)]
    assert outage.rows(matured.format("2024-12-01"))[0][0] > 0
    assert outage.disagreements() == []


@pytest.mark.parametrize("outage", [("2025-03-20", "2025-04-25")], indirect=True)
def test_the_attention_list_does_not_rest_on_an_outage(outage: Outage) -> None:
    """Orders of some weeks in the last two windows of 28 days are missing, so that these have no sums."""
    outage.cut(orders="ordered_at")
    assert outage.pieces("orders") == 2
    watched = "select subject, window_number from intermediate.int_attention_windows where not is_ratio"
    assert outage.rows(f"{watched} and not has_enough_cases order by all") == [
        ("net_revenue", 0), ("net_revenue", 1), ("orders", 0), ("orders", 1),
    ]  # fmt: skip
    assert outage.rows(f"{watched} and has_enough_cases and subject = 'sessions' and window_number = 0") != []
    found = "select subject from marts.attention_list where kind in ('kpi_moved', 'funnel_leak')"
    assert not set(outage.rows(found)) & {("orders",), ("net_revenue",), ("purchase/order",)}
    assert outage.disagreements() == []
