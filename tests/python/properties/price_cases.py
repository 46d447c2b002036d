"""Products whose prices change: often enough or not, with promotions, only between months; competitors' prices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from generated import AS_OF, END, Cases
from order_cases import add_order

_KINDS: Final = ["moving", "moving", "moving", "moving", "steady", "monthly", "seldom", "free"]


def add_prices(cases: Cases, count: int) -> None:
    """Products on sale for up to a year, some with competitors' prices."""
    _add_promotions(cases)
    for _ in range(count):
        prefix, chance = cases.begin("e"), cases.chance
        kind, product = chance.choice(_KINDS), f"{prefix}-p"
        first = date(2024, 3, 4) + timedelta(days=7 * chance.randint(0, 25))
        if chance.random() < 0.2:
            first = AS_OF - timedelta(days=AS_OF.weekday() + 7 * 28)
        for week in range(chance.choice([20, 26, 30, 40, 52])):
            monday = first + timedelta(days=7 * week)
            if monday <= AS_OF:
                _add_week(cases, f"{prefix}-{week}", kind, product, monday)
        _add_competitors(cases, product)


def _add_promotions(cases: Cases) -> None:
    """Some short promotions, a long one, some without an end or with an invalid one."""
    for number, days in enumerate([3, 10, 14, 31, 32, 200]):
        starts = datetime(2024, 5, 5, 16) + timedelta(days=47 * number)
        ends = starts + timedelta(days=days, seconds=-1)
        cases.add("promotions", promotion_code=f"e-promo{number}", starts_at=starts, ends_at=ends)
    cases.add("promotions", promotion_code="e-open", starts_at=datetime(2024, 6, 1), ends_at=None)
    cases.add("promotions", promotion_code="e-odd", starts_at=datetime(2024, 6, 9), ends_at=datetime(2024, 6, 1))


def _price(cases: Cases, kind: str, monday: date) -> Decimal:
    """The price in a week, by the kind of product."""
    if kind == "steady":
        return Decimal("20.00")
    if kind == "monthly":
        return Decimal(10 + monday.month)
    return cases.chance.choice([Decimal("20.00"), Decimal("21.00"), Decimal("17.50"), Decimal("14.00")])


def _add_week(cases: Cases, prefix: str, kind: str, product: str, monday: date) -> None:
    """None, one or two orders in a week."""
    chance, price = cases.chance, _price(cases, kind, monday)
    for number in range(chance.choice([0, 0, 1] if kind == "seldom" else [0, 1, 1, 1, 2, 3])):
        at = datetime.combine(monday, datetime.min.time()) + timedelta(hours=chance.randint(0, 7 * 24 - 1) - 8)
        if at >= END:
            continue
        order_id, _moment = add_order(
            cases, f"{prefix}-{number}", ordered_at=at, status=chance.choice(["paid"] * 9 + ["failed"])
        )
        cases.add(
            "order_items", order_item_id=f"{prefix}-{number}-i", order_id=order_id, product_id=product,
            quantity=chance.choice([1, 2, 3, 7, Decimal("0.5")]),
            unit_price=Decimal(0) if kind == "free" and chance.random() < 0.3 else price,
            discount_amount=None if kind == "monthly" else chance.choice([None] * 9 + [Decimal("1.11")]),
        )  # fmt: skip


def _add_competitors(cases: Cases, product: str) -> None:
    """Competitors' prices at the edge of being recent, in another currency, or zero."""
    chance = cases.chance
    for competitor in chance.sample(["north", "south", "east"], chance.randint(0, 3)):
        for age in chance.sample([0, 1, 30, 61, 62, 63, 200], chance.randint(1, 3)):
            cases.add(
                "competitor_prices", price_date=(AS_OF - timedelta(days=age)).isoformat(), product_id=product,
                competitor=competitor, price=chance.choice([cases.money(5, 40), cases.money(5, 40), Decimal(0)]),
                currency=chance.choice(["CNY", None, "USD", "JPY"]),
            )  # fmt: skip
