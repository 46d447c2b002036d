"""`shopper doctor` on inputs that are silent for weeks: outages are named, rhythms are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from diagnosing import Diagnose

from landing import RawRow

_FIRST = date(2024, 1, 1)


def _days(numbers: Iterable[int]) -> list[date]:
    return [_FIRST + timedelta(days=number) for number in numbers]


def _orders(numbers: Iterable[int]) -> list[RawRow]:
    return [
        {"order_id": f"o{day}", "ordered_at": f"{day} 09:00:00", "total_amount": "50", "currency": "EUR"}
        for day in _days(numbers)
    ]


def _events(numbers: Iterable[int]) -> list[RawRow]:
    return [
        {"event_id": f"e{day}", "visitor_id": "v", "event_type": "page_view", "occurred_at": f"{day} 09:00:00"}
        for day in _days(numbers)
    ]


def _spend(numbers: Iterable[int]) -> list[RawRow]:
    return [
        {"spend_date": str(day), "utm_source": "google", "spend": "10", "currency": "EUR"} for day in _days(numbers)
    ]


def test_an_outage_of_each_input_is_named_with_its_days_and_what_is_null(diagnose: Diagnose) -> None:
    """A tracker that was off for six weeks, weekly spend without nine weeks, orders with and without two outages."""
    found = diagnose(
        orders=_orders([*range(50), *range(80, 150), *range(190, 300)]),
        events=_events([*range(100), *range(142, 300)]),
        marketing_spend=_spend([*range(0, 140, 7), *range(203, 300, 7)]),
    )
    orders = found["outage", "orders.ordered_at"]
    assert orders["severity"] == "warning"
    assert "no rows from 2024-02-20 to 2024-03-20 (30 days), 2024-05-30 to 2024-07-08 (40 days)" in orders["message"]
    assert "null there: conversion rates" in orders["message"]
    assert orders["fix"]["lines"][1].endswith(",41")
    assert "2024-04-10 to 2024-05-21 (42 days)" in found["outage", "events.occurred_at"]["message"]
    # The last row before it is of 13 May and stands for its week, as the week before the next row is that row's.
    assert "2024-05-20 to 2024-07-15 (57 days)" in found["outage", "marketing_spend.spend_date"]["message"]


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        pytest.param(lambda: _orders(day for day in range(200) if day % 7 < 5), "orders", id="weekends"),
        pytest.param(lambda: _orders([*range(100), *range(113, 200)]), "orders", id="two weeks of holidays"),
        pytest.param(lambda: _orders([0, 9, 40, 44, 81, 82, 120, 131, 190, 200, 260]), "orders", id="few orders"),
        pytest.param(lambda: _orders([0, 150, 300]), "orders", id="three orders"),
        pytest.param(
            lambda: _spend(day for day in range(300) if day % 60 < 20), "marketing_spend", id="flights of campaigns"
        ),
        pytest.param(lambda: _spend([*range(0, 200, 7), *range(210, 300, 7)]), "marketing_spend", id="a missing week"),
        pytest.param(lambda: _orders([*range(100), 900]), "orders", id="a wrong clock"),
    ],
)
def test_a_rhythm_is_no_outage(diagnose: Diagnose, rows: Callable[[], list[RawRow]], table: str) -> None:
    found = diagnose(**{"orders": _orders(range(2)), table: rows()})
    assert not [subject for check, subject in found if check == "outage"]
