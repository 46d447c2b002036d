"""Second computation of the monthly marts: KPIs from the facts of each period, the revenue tree in exact logarithms."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from shopper.crosscheck.oracle.efficiency import quotient, ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop

FACTORS: Final = ("customers", "orders_per_customer", "items_per_order", "price_per_item")
_EXACT: Final = Context(prec=60)

Amount = Decimal | int | None


@dataclass(frozen=True)
class Span:
    """The days of a month that count: from its first day in the shop's calendar to the last one."""

    month: date
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_over(self) -> bool:
        return self.last == end_of_month(self.month)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def end_of_month(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_before(month: date, months: int) -> date:
    """The first day of an earlier month."""
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def spans(shop: Shop) -> dict[date, Span]:
    """Every month of the shop's calendar."""
    found: dict[date, Span] = {}
    for day in sorted(shop.days):
        month = month_of(day)
        found[month] = Span(month, found[month].first if month in found else day, day)
    return found


def span_before(found: Mapping[date, Span], span: Span, months: int) -> Span | None:
    """The days that a month is compared with: the whole earlier month, or as many first days of it as the month has.
    None if the shop's calendar starts later.
    """
    earlier = found.get(months_before(span.month, months))
    if earlier is None or earlier.first != earlier.month:
        return None
    if span.is_over:
        return earlier
    return Span(earlier.month, earlier.first, min(earlier.last, earlier.month + (span.last - span.month)))


class Facts:
    """Measures of a shop over any days. None for a measure whose tables the shop does not land."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._valid = [order for order in shop.orders if order.is_valid]
        self._converting = set(shop.session_orders())
        counted = {order.order_id for order in self._valid}
        self._refunds = [one for one in shop.refunds if one.order_id is None or one.order_id in counted]

    def orders(self, span: Span) -> list[Order]:
        """Valid orders of the days."""
        return [order for order in self._valid if span.holds(order.order_date)]

    def amount(self, measure: str, span: Span) -> Amount:
        """One measure over the days: summed from kpi_daily if additive, else computed from the facts."""
        shop = self._shop
        if measure == "net_revenue_less_spend":
            revenue, spend = (self.amount(f"{name}_on_common_days", span) for name in ("net_revenue", "spend"))
            return None if revenue is None or spend is None else revenue - spend
        if measure == "buyers":
            return len({order.customer_id for order in self.orders(span)} - {UNKNOWN}) if shop.orders else None
        if measure == "converting_sessions":
            if not shop.orders or not shop.sessions:
                return None
            return sum(
                one.number in self._converting and not one.is_bot and span.holds(one.session_date)
                for one in shop.sessions
            )
        if measure == "goods_refunds":
            if not shop.refunds:
                return None
            return total(one.goods_amount for one in self._refunds if span.holds(one.refund_date))
        known = (getattr(row, measure) for day, row in shop.days.items() if span.holds(day))
        parts = [part for part in known if part is not None]
        return sum(parts[1:], parts[0]) if parts else None


def kpi_value(kpi: Row, numerator: Amount, denominator: Amount) -> Decimal | int | float | None:
    """A sum, a mean amount in cents, or a ratio."""
    if numerator is None or kpi["denominator"] is None:
        return numerator
    if denominator is None:
        return None
    if kpi["unit"] == "money":
        return quotient(Decimal(numerator), int(denominator))
    return ratio(numerator, denominator)


def change(value: float | None, base: float | None) -> float | None:
    """Relative to a base above 0."""
    return None if value is None or base is None or base <= 0 else (value - base) / base


@dataclass(frozen=True)
class Sales:
    """The counts at the roots of the revenue tree. Each order without a known customer counts as one customer."""

    customers: int
    orders: int
    items: Decimal
    net_revenue: Decimal

    @classmethod
    def of(cls, orders: Sequence[Order], lands_lines: bool) -> Sales:
        known = {order.customer_id for order in orders} - {UNKNOWN}
        unknown = sum(order.customer_id == UNKNOWN for order in orders)
        items = sum((order.units for order in orders), Decimal(0)) if lands_lines else Decimal(len(orders))
        return cls(len(known) + unknown, len(orders), items, total(order.net_revenue for order in orders))

    def factors(self) -> list[Fraction]:
        """Their product is net revenue."""
        counts = [Fraction(self.customers), Fraction(self.orders), Fraction(self.items), Fraction(self.net_revenue)]
        return [counts[0], *(above / below for below, above in pairwise(counts))]

    @property
    def is_positive(self) -> bool:
        return self.net_revenue > 0 and self.items > 0


def parts(now: Sales, before: Sales | None) -> list[Decimal] | None:
    """The contribution of each factor to the change, in cents; None if either period has no revenue."""
    if before is None or not now.is_positive or not before.is_positive:
        return None
    change_of = now.net_revenue - before.net_revenue
    weight = now.net_revenue
    if change_of:
        weight = _EXACT.divide(change_of, _EXACT.ln(_EXACT.divide(now.net_revenue, before.net_revenue)))
    ratios = [a / b for a, b in zip(now.factors(), before.factors(), strict=True)]
    logarithms = [_EXACT.ln(_EXACT.divide(Decimal(one.numerator), Decimal(one.denominator))) for one in ratios]
    exact = [_EXACT.multiply(weight, one).quantize(Decimal("1e-6"), ROUND_HALF_UP, _EXACT) for one in logarithms]
    floors = [one.quantize(Decimal("0.01"), ROUND_FLOOR, _EXACT) for one in exact]
    spare = int((change_of - sum(floors, ZERO)) * 100)
    order = sorted(range(len(exact)), key=lambda place: (floors[place] - exact[place], place))
    return [floor + (Decimal("0.01") if order.index(place) < spare else 0) for place, floor in enumerate(floors)]


def tree(shop: Shop, measured: Iterable[Span]) -> dict[date, tuple[Sales, Sales | None]]:
    """Sales by month, with the sales of the period that it is compared with (None if there is none)."""
    facts, found = Facts(shop), spans(shop)
    lands_lines = bool(shop.staged.rows["order_items"])
    result = {}
    for span in measured:
        earlier = span_before(found, span, 1)
        result[span.month] = (
            Sales.of(facts.orders(span), lands_lines),
            Sales.of(facts.orders(earlier), lands_lines) if earlier else None,
        )
    return result
