"""Products offered, sold, counted and returned, and repeat purchases, at the edge of every rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import AS_OF, END, FIRST, Cases
from order_cases import add_order

_CATEGORIES: Final = ["beauty", "food", "all", "unknown", None]
_GAPS: Final = [0, 0, 1, 30, 89, 90, 91, 200]
_PRICES: Final = ["0", "10", "10", "10.01", "600"]
_AGES: Final = [0, 1, 29, 30, 59, 60, 89, 90, 91, 179, 180, 181, 400]
"""Days before the as-of date at which a listing or count of a product starts or ends."""


def add_goods(cases: Cases, count: int) -> None:
    """Products with listing, end and stock counts, and customers who buy some of them repeatedly."""
    shelf = [_add_product(cases, number) for number in range(80)][:60]
    for _ in range(count):
        prefix, chance = cases.begin("g"), cases.chance
        account = chance.choice([f"{prefix}-c", f"{prefix}-c", None])
        if account:
            cases.add(
                "customers", customer_id=account, gender=chance.choice(["female", "male", "other", None]),
                city_tier=chance.choice(["tier_1", "lower", None]), updated_at=chance.choice([None, cases.moment()]),
                birth_date=chance.choice(["1980-06-30", "2000-07-01", "2007-06-30", "2026-01-01", None]),
            )  # fmt: skip
        mine = chance.sample(shelf, 2)
        moment = chance.choice([cases.moment(), END - timedelta(days=chance.choice(_AGES), hours=3)])
        for number in range(chance.choice([1, 1, 2, 3])):
            if FIRST <= moment < END:
                _add_basket(cases, f"{prefix}-{number}", account, moment, mine)
            moment += timedelta(days=chance.choice(_GAPS))


def _day(cases: Cases, ages: list[int]) -> datetime:
    """Local midnight some days before the as-of date, or the second before it."""
    return END - timedelta(days=cases.chance.choice(ages) + 1, seconds=cases.chance.choice([0, 0, 1]))


def _add_product(cases: Cases, number: int) -> str:
    chance, product = cases.chance, f"g{number:02d}"
    if chance.random() < 0.9:
        cases.add(
            "products", product_id=product, category=chance.choice(_CATEGORIES),
            listed_at=chance.choice([None, _day(cases, _AGES), _day(cases, _AGES), END, END - timedelta(seconds=1)]),
            discontinued_at=chance.choice([None, None, None, _day(cases, _AGES), END, END - timedelta(seconds=1)]),
            unit_cost=chance.choice([None, "3", "7.5"]), currency=chance.choice(["CNY", "USD"]),
        )  # fmt: skip
    days = chance.choice([[], range(0, 120, 7), range(0, 300, 30), chance.sample(_AGES, 4), [32], [31, 0]])
    for age in days:
        cases.add(
            "inventory_snapshots", snapshot_date=(AS_OF - timedelta(days=age)).isoformat(), product_id=product,
            on_hand_quantity=chance.choice([0, 0, -2, 1, 12, 100000]), on_order_quantity=chance.choice([None, 5]),
        )  # fmt: skip
    return product


def _add_basket(cases: Cases, prefix: str, account: str | None, moment: datetime, mine: list[str]) -> None:
    """A visit with product views, mostly with a paid order; lines without units or product, orders without lines."""
    chance = cases.chance
    if chance.random() < 0.7:
        cases.add(
            "sessions", session_id=f"{prefix}-s", visitor_id=f"{prefix}-v", customer_id=account, started_at=moment,
            device_type=chance.choice(["mobile", "desktop", None]), platform="web",
        )  # fmt: skip
        for number in range(chance.randint(0, 4)):
            cases.add(
                "events", event_id=f"{prefix}-e{number}", session_id=f"{prefix}-s", visitor_id=f"{prefix}-v",
                event_type=chance.choice(["product_view", "product_view", "page_view", "add_to_cart", "buy_now"]),
                page_type=chance.choice([None, "product"]), product_id=chance.choice([*mine, None]),
                occurred_at=moment + timedelta(seconds=chance.choice([0, 1, 30]) * number, milliseconds=number * 300),
            )  # fmt: skip
    order_id, _moment = add_order(
        cases, prefix, customer_id=account, session_id=chance.choice([f"{prefix}-s", None]), ordered_at=moment,
        status=chance.choice(["paid", "paid", "paid", "cancelled"]),
        discount_amount=chance.choice([None, None, "1.01"]),
    )  # fmt: skip
    lines = chance.choice([0, 1, 1, 2, 3])
    for number in range(lines):
        cases.add(
            "order_items", order_item_id=f"{order_id}-{number}", order_id=order_id,
            product_id=chance.choice([*mine, *mine, None]), quantity=chance.choice(["1", "1", "2", "0", "0.5"]),
            unit_price=chance.choice(_PRICES), unit_cost=chance.choice([None, None, "4"]),
        )  # fmt: skip
    if lines and chance.random() < 0.25:
        cases.add(
            "refunds", refund_id=f"{prefix}-r", order_id=order_id, customer_id=account,
            order_item_id=chance.choice([f"{order_id}-0", None]), product_id=chance.choice([mine[0], None]),
            quantity=chance.choice([None, "1", "3"]), amount=chance.choice(["0.01", "10", "30"]), currency="CNY",
            is_return=chance.choice([True, True, None]), is_exchange=chance.choice([True, None, None]),
            refunded_at=min(moment + timedelta(days=2), END - timedelta(seconds=1)),
        )  # fmt: skip
    for number in range(chance.choice([0, 0, 1])):
        cases.add(
            "reviews", review_id=f"{prefix}-w{number}", order_id=order_id, product_id=chance.choice([*mine, None]),
            rating=chance.choice([1, 3, 4, 5]), reviewed_at=moment + timedelta(seconds=1),
        )  # fmt: skip
