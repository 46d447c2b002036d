"""Gates: fresh, non-empty and complete tables pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from operated_shop import Shop

from landing import land
from running import ROOT, rows
from shopper.contract import load_contract
from shopper.run.config import Gate
from shopper.run.gates import GateResult, check_gates

NOW = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)  # a Friday, 02:00 in Madrid
ZONE = "Europe/Madrid"

Check = Callable[..., GateResult]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """The result of a gate on orders with these timestamps (None: the table is not landed)."""

    def run(moments: list[str | None] | None, now: datetime = NOW, **asked: object) -> GateResult:
        warehouse = tmp_path / "shop.duckdb"
        landed = [{"order_id": str(number), "ordered_at": moment} for number, moment in enumerate(moments or [])]
        land(warehouse, {"orders": landed} if moments is not None else {"events": [{"event_id": "e"}]})
        gate = Gate("orders", "ordered_at", "hold", **asked)  # type: ignore[arg-type]
        variables = {"raw_data": "source", "reporting_timezone": ZONE}
        (result,) = check_gates([gate], warehouse, ROOT, load_contract(ROOT), variables, now)
        return result

    return run


def days(counts: dict[int, int], first: str = "2024-01-01") -> list[str | None]:
    """Timestamps at local noon: the given number on each day from the first one."""
    start = datetime.fromisoformat(first)
    return [
        (start + timedelta(days=day)).strftime("%Y-%m-%dT12:00:00+01:00")
        for day, count in counts.items()
        for _ in range(count)
    ]


def test_a_table_is_fresh_up_to_the_allowed_age(check: Check) -> None:
    moments: list[str | None] = [
        "2024-02-28T01:00:00Z",
        "1709168400",
        "nonsense",
        None,
    ]  # the second: 01:00 on the 29th
    assert check(moments, stale_after=timedelta(hours=24)).problems == ()
    result = check(moments, stale_after=timedelta(hours=23))
    assert result.outcome == "held"
    assert "2024-02-29 01:00 UTC, 24 hours old; allowed 23 hours" in result.problems[0]


def test_timestamps_in_the_future_do_not_count_as_fresh(check: Check) -> None:
    result = check(["2024-01-01T00:00:00Z", "2031-01-01T00:00:00Z"], stale_after=timedelta(days=2))
    assert "60 days old" in result.problems[0]


def test_without_a_readable_timestamp_nothing_is_fresh(check: Check) -> None:
    assert "nothing is fresh" in check(["soon", None], stale_after=timedelta(days=2)).problems[0]


def test_empty_and_missing_tables_have_different_messages(check: Check) -> None:
    assert check(None, min_rows=1).problems == ("orders: not landed",)
    assert check(["2024-01-01"], min_rows=2).problems == ("orders: 1 rows, expected at least 2",)
    assert check(["2024-01-01"], min_rows=1).problems == ()


def test_a_partial_day_is_compared_with_its_weekday(check: Check) -> None:
    """Thursdays have 10 orders, other days 100. The last complete day is Thursday, 29 February."""
    usual = {day: 10 if day % 7 == 3 else 100 for day in range(59)}
    assert check(days({**usual, 59: 10}), min_day_share=0.5).problems == ()
    assert check(days({**usual, 59: 5}), min_day_share=0.5).problems == ()
    result = check(days({**usual, 59: 4}), min_day_share=0.5)
    assert result.problems == ("orders: 4 rows on Thursday 2024-02-29, 40% of the usual 10; expected 50% or more",)


def test_the_current_day_is_not_checked(check: Check) -> None:
    usual = dict.fromkeys(range(60), 100)
    assert check(days({**usual, 60: 1}), min_day_share=0.5).problems == ()


def test_days_are_in_the_reporting_time_zone(check: Check) -> None:
    """23:30 UTC on the 28th is the 29th in Madrid."""
    usual = days(dict.fromkeys(range(59), 4))
    late: list[str | None] = ["2024-02-28T23:30:00Z"] * 4
    assert check([*usual, *late], min_day_share=0.9).problems == ()


def test_a_shop_without_history_has_no_usual_number(check: Check) -> None:
    assert check(days({45: 100, 52: 100, 59: 1}), min_day_share=0.5).problems == ()


def test_a_holding_gate_stops_before_the_build(shop: Shop) -> None:
    before = shop.state()
    shop.configure(gates=[{"table": "orders", "stale_after": "2 days"}])
    call = shop.run("--now", "2024-03-05T00:00:00Z")
    assert call.process.exitcode == 2, call.output
    assert "held by a gate: orders.ordered_at: the newest row is from 2024-02-29 23:" in call.output
    assert "4 days old; allowed 48 hours; nothing was published" in call.output
    assert "build: started" not in call.output
    assert shop.state() == before


def test_a_labelling_gate_labels_report_and_generation(shop: Shop) -> None:
    shop.configure(gates=[{"table": "orders", "stale_after": "2 days", "min_rows": 5000, "then": "label"}])
    call = shop.run("--now", "2024-03-02T00:00:00Z")
    assert call.process.exitcode == 0, call.output
    label = "orders: 2,400 rows, expected at least 5,000"
    assert f"label: {label}" in call.output
    assert rows(shop.published / "shop.duckdb", "select labels from audit.generation") == [(label,)]
    assert label in (shop.published / "current" / "generation.json").read_text(encoding="utf-8")
    assert label in (shop.published / "report.html").read_text(encoding="utf-8")
    assert label in shop.rollback("--list").output
