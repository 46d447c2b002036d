"""The as-of date: the last busy date that is not the work of one wrong clock."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pytest

from landing import land
from shopper.dbt import WITHOUT_TESTS, run_dbt

RUN_PERIOD: Final = "+stg_run_period"
_FIRST: Final = date(2024, 1, 1)


def _days(*offsets: int) -> list[str]:
    """Noon of days, numbered from the first."""
    return [f"{_FIRST + timedelta(days=offset)}T12:00:00+08:00" for offset in offsets]


_STEADY: Final = range(0, 100, 5)
CASES: Final = (
    ("the last day of a steady shop", _days(*_STEADY), date(2024, 4, 5)),
    ("one person after a silence waits", _days(*_STEADY, 260), date(2024, 4, 5)),
    ("a clock that is years ahead does not move it", [*_days(*_STEADY), "2031-01-01T00:00:00Z"], date(2024, 4, 5)),
    ("so does it in a young shop", [*_days(*range(9)), "2031-01-01T00:00:00Z"], date(2024, 1, 9)),
    ("in a young shop one person after a silence counts", _days(*range(9), 175), date(2024, 6, 24)),
    ("a silence does not matter where more days follow", _days(*_STEADY, *range(250, 262)), date(2024, 9, 18)),
    ("early silences do not matter", _days(0, 200, 201, 202, 203), date(2024, 7, 22)),
    ("dates are those of the reporting time zone", ["2024-03-01T15:59:59Z", "2024-03-01T16:00:00Z"], date(2024, 3, 2)),
    (
        "a day before the earliest date is none",
        [*_days(0, 1, 2), "1970-01-01", "1970-03-01", "1971-01-01"],
        date(2024, 1, 3),
    ),
    ("text that is no time does not count", [*_days(0, 1, 2), "infinity", "soon", "NaN"], date(2024, 1, 3)),
)


@pytest.mark.parametrize(("moments", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_as_of_date_is_the_last_credible_one(moments: list[str], expected: date, source_target: Path) -> None:
    """The timestamps are split over orders, sessions and events. The orders are rejected, but their dates count."""
    warehouse = source_target / "as_of.duckdb"
    land(
        warehouse,
        {
            "orders": [
                {"order_id": str(place), "customer_id": "c", "ordered_at": moment, "discount_amount": "-1"}
                for place, moment in enumerate(moments[0::3])
            ],
            "sessions": [
                {"session_id": str(place), "visitor_id": "v", "started_at": moment}
                for place, moment in enumerate(moments[1::3])
            ],
            "events": [
                {"event_id": str(place), "visitor_id": "v", "event_type": "pv", "occurred_at": moment}
                for place, moment in enumerate(moments[2::3])
            ],
        },
    )
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", RUN_PERIOD],
        variables={"raw_data": "source"}, warehouse=warehouse, target=source_target,
    )  # fmt: skip
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute("select as_of_date from staging.stg_run_period").fetchone()
    assert row == (expected,)
