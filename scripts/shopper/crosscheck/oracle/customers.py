"""Customers: history, lifecycle, RFM scores, segments, tiers and cohorts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.orders import Order, Refund
from shopper.crosscheck.oracle.settings import Row, month_of, months_between

ALL = "all"


@dataclass
class Customer:
    """A customer's valid orders by time and id, and their credit notes without an order."""

    customer_id: str
    orders: list[Order] = field(default_factory=list)
    credit_notes: list[Refund] = field(default_factory=list)

    @property
    def first_order_date(self) -> date:
        return self.orders[0].order_date

    @property
    def last_order_date(self) -> date:
        return self.orders[-1].order_date

    @property
    def net_revenue(self) -> Decimal:
        return total(order.net_revenue for order in self.orders)

    @property
    def net_revenue_after_refunds(self) -> Decimal:
        kept = total(order.net_revenue_after_refunds for order in self.orders)
        return kept - total(note.goods_amount for note in self.credit_notes)


def buyers(orders: Iterable[Order], refunds: Iterable[Refund]) -> dict[str, Customer]:
    """Customers with a valid order, by id. The customer `unknown` is excluded."""
    found: dict[str, Customer] = {}
    for order in sorted(orders, key=lambda order: (order.ordered_at, order.is_renewal, order.order_id)):
        if order.is_valid and order.customer_id != UNKNOWN:
            found.setdefault(order.customer_id, Customer(order.customer_id)).orders.append(order)
    for refund in refunds:
        if refund.order_id is None and refund.customer_id in found:
            found[refund.customer_id].credit_notes.append(refund)
    return found


def lifecycle_stage(customer: Customer, as_of: date) -> str:
    """The first matching stage of new, reactivated, active, dormant, churned, by days before the as-of date."""
    since_last = (as_of - customer.last_order_date).days
    if (as_of - customer.first_order_date).days <= 30:
        return "new"
    dates = [order.order_date for order in customer.orders]
    if any((as_of - day).days <= 30 and (day - before).days > 180 for before, day in pairwise(dates)):
        return "reactivated"
    return "active" if since_last <= 90 else "dormant" if since_last <= 180 else "churned"


@dataclass(frozen=True)
class Rfm:
    """A customer in the RFM window. Scores are None below five customers. `highs`: (recent, frequent, valuable)."""

    customer_id: str
    recency_days: int
    frequency: int
    monetary: Decimal
    net_revenue: Decimal
    scores: tuple[int, int, int] | None
    rfm_segment: str | None
    highs: tuple[bool, bool, bool]
    customer_tier: str


def rfm(
    customers: Iterable[Customer], as_of: date, window_days: int, segments: Sequence[Row], least: int
) -> dict[str, Rfm]:
    """RFM of every customer with a valid order in the window of `window_days` days that ends on the as-of date.

    Monetary is net revenue after refunds of the orders in the window, less the credit notes in the window.
    With fewer than `least` customers there are no scores.
    """
    start = as_of - timedelta(days=window_days - 1)
    measured: dict[str, tuple[int, int, Decimal, Decimal]] = {}
    for customer in customers:
        orders = [order for order in customer.orders if start <= order.order_date <= as_of]
        if orders:
            notes = [note for note in customer.credit_notes if start <= note.refund_date <= as_of]
            kept = total(order.net_revenue_after_refunds for order in orders)
            measured[customer.customer_id] = (
                (as_of - orders[-1].order_date).days,
                len(orders),
                kept - total(note.goods_amount for note in notes),
                total(order.net_revenue for order in orders),
            )
    recency = Scale([-value[0] for value in measured.values()])
    frequency = Scale([value[1] for value in measured.values()])
    monetary = Scale([value[2] for value in measured.values()])
    result = {}
    for customer_id, (days, count, money, revenue) in measured.items():
        scores = (recency.score(-days), frequency.score(count), monetary.score(money))
        known = scores if len(measured) >= least else None
        result[customer_id] = Rfm(
            customer_id, days, count, money, revenue, known,
            segment_of(known, segments) if known else None,
            (recency.is_high(-days), frequency.is_high(count), monetary.is_high(money)),
            customer_tier(days, count, money),
        )  # fmt: skip
    return result


class Scale:
    """The values of a population. Larger is better."""

    def __init__(self, values: Iterable[int | Decimal]) -> None:
        self._values = sorted(values)
        self._mean = Fraction(sum(map(Fraction, self._values)), len(self._values) or 1)

    def score(self, value: int | Decimal) -> int:
        """1 to 5: 1 + (5 x values strictly worse) // values."""
        return 1 + 5 * bisect_left(self._values, value) // len(self._values)

    def is_high(self, value: int | Decimal) -> bool:
        """Whether the value is at or above the mean."""
        return Fraction(value) >= self._mean


def segment_of(scores: tuple[int, int, int], segments: Sequence[Row]) -> str:
    """The segment whose ranges contain the three scores. Raises ValueError unless exactly one does."""
    names = ("r_score", "f_score", "m_score")
    found = [
        row["rfm_segment"]
        for row in segments
        if all(
            int(row[f"{name}_from"]) <= score <= int(row[f"{name}_to"])
            for name, score in zip(names, scores, strict=True)
        )
    ]
    if len(found) != 1:
        raise ValueError(f"rfm_segments maps the scores {scores} to {found}; expected exactly one segment")
    return str(found[0])


def customer_tier(recency_days: int, frequency: int, monetary: Decimal) -> str:
    """The first matching tier, by fixed thresholds on the window."""
    if recency_days <= 30 and frequency >= 5 and monetary >= 5000:
        return "loyal"
    if recency_days > 90:
        return "potential_churn" if frequency <= 2 and monetary < 1000 else "valuable_lapsing"
    return "developing"


def tier_summary(population: Iterable[Rfm]) -> dict[str, list[Rfm]]:
    """Customers in the window by tier."""
    tiers: dict[str, list[Rfm]] = defaultdict(list)
    for one in population:
        tiers[one.customer_tier].append(one)
    return dict(tiers)


@dataclass
class CohortCell:
    """A cell by cohort month, months since and channel. Money is net revenue before refunds."""

    cohort_customers: int
    active_customers: int = 0
    orders: int = 0
    net_revenue: Decimal = ZERO


def retention_cohorts(
    customers: Iterable[Customer], channels: Mapping[str, str], as_of: date
) -> dict[tuple[date, int, str], CohortCell]:
    """Cells by month of the first valid order, months since, and acquisition channel (and `all`), up to the as-of
    month.

    Months without an order of the cohort are included.
    """
    cohorts: dict[tuple[date, str], list[Customer]] = defaultdict(list)
    for customer in customers:
        month = month_of(customer.first_order_date)
        cohorts[month, ALL].append(customer)
        cohorts[month, channels[customer.customer_id]].append(customer)
    cells = {}
    for (month, channel), members in cohorts.items():
        for since in range(months_between(month, as_of) + 1):
            cell = CohortCell(len(members))
            for customer in members:
                orders = [one for one in customer.orders if months_between(month, one.order_date) == since]
                cell.active_customers += bool(orders)
                cell.orders += len(orders)
                cell.net_revenue += total(order.net_revenue for order in orders)
            cells[month, since, channel] = cell
    return cells
