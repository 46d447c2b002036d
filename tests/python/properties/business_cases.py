"""Cases around the thresholds of the attention list: payments, parcels, rejected orders, good customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import END, Cases
from order_cases import add_order

_WINDOW: Final = timedelta(days=28)
_ATTEMPTS: Final = [0, 1, 19, 20, 20, 21, 24]
_HABITS: Final = [[1.0], [0.0, 1.0], [0.9, 0.95, 1.0], [0.5, 0.6], [0.05, 0.9]]


def add_business(cases: Cases, methods: int) -> None:
    """Payment methods with different histories, late parcels, rejected orders, absent customers."""
    for number in range(methods):
        _add_method(cases, f"way {number}")
    for age in range(13):
        for number in range(31):
            _add_parcel(cases, age, is_late=number < (20 if age == 0 else cases.chance.randint(1, 4)))
    for _ in range(60):
        prefix = cases.begin("b")
        add_order(cases, prefix, currency="XYZ", ordered_at=_moment(cases, cases.chance.choice([0, 0, 0, 1, 5])))
    for number in range(8):
        _add_absent_customer(cases, price=400 * (number + 1))


def _moment(cases: Cases, window: int) -> datetime:
    """A timestamp in one of the windows before the as-of date, sometimes at its edge."""
    end = END - window * _WINDOW
    return cases.chance.choice(
        [cases.moment(end - _WINDOW, end - timedelta(seconds=1)), end - _WINDOW, end - timedelta(seconds=1)]
    )


def _add_method(cases: Cases, method: str) -> None:
    """Payment attempts in some of the windows, few or just enough, that mostly succeed until the last window."""
    prefix, chance = cases.begin("b"), cases.chance
    order_id, _placed = add_order(cases, prefix)
    cases.add("order_items", order_item_id=f"{prefix}-i", order_id=order_id, quantity=1, unit_price="30")
    habit, last = chance.choice(_HABITS), chance.choice([0.0, 0.4, 0.85, 0.95, 1.0])
    for window in range(chance.choice([3, 6, 7, 8, 13, 15])):
        attempts = 20 if window == 0 else chance.choice(_ATTEMPTS)
        succeeded = round(attempts * (last if window == 0 else chance.choice(habit)))
        for number in range(attempts):
            cases.add(
                "payments", payment_id=f"{prefix}-{window}-{number}", order_id=order_id, payment_method=method,
                attempted_at=_moment(cases, window), amount=chance.choice(["10", "0.01", None]), currency="CNY",
                status="succeeded" if number < succeeded else "failed",
            )  # fmt: skip
        cases.add(
            "payments", payment_id=f"{prefix}-{window}-open", order_id=order_id, payment_method=method,
            attempted_at=_moment(cases, window), amount="99", currency="CNY", status="pending",
        )  # fmt: skip


def _add_parcel(cases: Cases, window: int, is_late: bool) -> None:
    """An order with a delivery promise, kept or not; some parcels are late by a second, some never arrive."""
    prefix, chance, ordered_at = cases.begin("b"), cases.chance, _moment(cases, window)
    order_id, _placed = add_order(cases, prefix, ordered_at=ordered_at, status=chance.choice(["paid", "completed"]))
    cases.add("order_items", order_item_id=f"{prefix}-i", order_id=order_id, quantity=1, unit_price=cases.money(1, 90))
    promised_at = ordered_at + timedelta(hours=1)
    late = [None, promised_at + timedelta(seconds=1), promised_at + timedelta(days=2)]
    cases.add(
        "shipments", shipment_id=f"{prefix}-s", order_id=order_id, promised_at=promised_at,
        delivered_at=chance.choice(late) if is_late else promised_at,
    )  # fmt: skip


def _add_absent_customer(cases: Cases, price: int) -> None:
    """A customer with an order every three weeks, and none for more than twice that time."""
    prefix = cases.begin("b")
    cases.add("customers", customer_id=f"{prefix}-c", email_opt_in=True)
    for number in range(6):
        order_id, _placed = add_order(
            cases, f"{prefix}-{number}", customer_id=f"{prefix}-c", ordered_at=END - timedelta(days=70 + 21 * number)
        )
        cases.add("order_items", order_item_id=f"{order_id}-i", order_id=order_id, quantity=1, unit_price=price)
