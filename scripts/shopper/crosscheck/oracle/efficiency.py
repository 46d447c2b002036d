"""Efficiency of channels (cost, new customers, retention), and the daily KPIs of the shop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.oracle.channels import DIRECT, UNATTRIBUTED
from shopper.crosscheck.oracle.coverage import Coverage
from shopper.crosscheck.oracle.customers import Customer
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, Rates, product, total
from shopper.crosscheck.oracle.orders import Order, Refund
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row, month_of

REPURCHASE_DAYS: Final = 90
DAYS_PER_MONTH: Final = Fraction("30.4375")


@dataclass(frozen=True)
class Landed:
    """The kinds of facts that the shop lands. A measure of another kind is None, not 0."""

    orders: bool
    sessions: bool
    spend: bool
    refunds: bool


@dataclass(frozen=True)
class Known:
    """Whether what a channel brought in a period is known, so that none of it is 0: visits tell their sources, it
    brought some, or nothing in the period is without a channel. Its cost: no paid channel may have won its customers.
    """

    visits: bool
    orders: bool
    customers: bool
    cost: bool

    @classmethod
    def of(cls, key: ChannelKey, groups: Mapping[ChannelKey, ChannelMonth], tells_sources: bool) -> Known:
        """What is known of the channel and period of a key."""
        period, channel = key
        own = groups[key]
        untold = [groups[period, one] for one in (DIRECT, UNATTRIBUTED) if (period, one) in groups]
        return cls(
            tells_sources or bool(own.sessions) or not any(one.sessions for one in untold),
            tells_sources or bool(own.orders) or not any(one.orders for one in untold),
            tells_sources or bool(own.new_customers) or not any(one.new_customers for one in untold),
            tells_sources or channel not in (DIRECT, UNATTRIBUTED),
        )


@dataclass(frozen=True)
class Spend:
    """A row of marketing spend in the reporting currency, with its channel."""

    spend_date: date
    channel: str
    amount: Decimal
    impressions: int | None
    clicks: int | None
    claimed: Decimal | None


@dataclass
class ChannelMonth:
    """Sessions, spend, customers and orders of one channel in one month (None for all months)."""

    sessions: list[Session] = field(default_factory=list)
    spend: list[Spend] = field(default_factory=list)
    new_visitors: list[Session] = field(default_factory=list)
    new_customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)


ChannelKey = tuple[date | None, str]


def spend_facts(rows: Sequence[Row], channels: Sequence[str], rates: Rates) -> list[Spend]:
    """Spend with its channel, converted at the rate of its day."""
    return [
        Spend(
            row["spend_date"],
            channel,
            product(row["spend"], rates.on(row["currency"], row["spend_date"]) or Decimal(1)),
            row["impressions"],
            row["clicks"],
            row["claimed_conversions"],
        )
        for row, channel in zip(rows, channels, strict=True)
    ]


def channel_months(
    sessions: Iterable[Session],
    spend: Iterable[Spend],
    customers: Iterable[Customer],
    orders: Iterable[Order],
    acquisition_channels: Mapping[str, str],
    order_channels: Mapping[str, str],
) -> dict[ChannelKey, ChannelMonth]:
    """Facts by month and channel, and by channel over all months. Bots are excluded."""
    groups: dict[ChannelKey, ChannelMonth] = defaultdict(ChannelMonth)

    def both(day: date, channel: str) -> tuple[ChannelMonth, ChannelMonth]:
        return groups[month_of(day), channel], groups[None, channel]

    for session in sessions:
        if not session.is_bot:
            for group in both(session.session_date, session.channel):
                group.sessions.append(session)
                if session.is_new_visitor:
                    group.new_visitors.append(session)
    for row in spend:
        for group in both(row.spend_date, row.channel):
            group.spend.append(row)
    for customer in customers:
        for group in both(customer.first_order_date, acquisition_channels[customer.customer_id]):
            group.new_customers.append(customer)
    for order in orders:
        if order.is_valid:
            for group in both(order.order_date, order_channels[order.order_id]):
                group.orders.append(order)
    return dict(groups)


def ratio(numerator: int | Decimal | Fraction, denominator: int | Decimal) -> float | None:
    """The quotient; None if the denominator is 0 or less."""
    return float(Fraction(numerator) / Fraction(denominator)) if denominator > 0 else None


_OF_SESSIONS: Final = (
    "sessions", "visitors", "new_visitors", "conversion_rate", "new_visitor_conversion_rate", "sessions_on_common_days",
)  # fmt: skip
_OF_ORDERS: Final = ("conversion_rate", "new_visitor_conversion_rate", "unallocated_spend")
_OF_SPEND: Final = ("spend", "cac", "unallocated_spend", "spend_on_common_days")


@dataclass
class Efficiency:
    """A row of channel_efficiency. Money in the reporting currency; rates 0 to 1; None if the denominator is 0 or the
    shop does not land the facts.
    """

    sessions: int | None
    visitors: int | None
    bounce_rate: float | None
    spend: Decimal | None
    impressions: int | None
    clicks: int | None
    new_visitors: int | None
    new_customers: int | None
    orders: int | None
    net_revenue: Decimal | None
    conversion_rate: float | None
    new_visitor_conversion_rate: float | None
    cac: Decimal | None
    unallocated_spend: Decimal | None
    roas: float | None
    claimed_to_own_ratio: float | None
    sessions_on_common_days: int | None
    orders_on_common_days: int | None
    net_revenue_on_common_days: Decimal | None
    spend_on_common_days: Decimal | None
    new_customers_on_common_days: int | None
    claimed_conversions_on_common_days: Decimal | None
    repurchase_rate_90d: float | None
    retention_months: float | None
    aov: Decimal | None


def efficiency(
    group: ChannelMonth,
    as_of: date,
    converting: set[int],
    visitor_orders: Mapping[str, Sequence[Order]],
    landed: Landed,
    known: Known,
    days_covered: Coverage,
    rules: Row,
) -> Efficiency:
    """Measures of one channel and month. Rates over two inputs count the days that both cover.

    converting: numbers of sessions with a valid order. visitor_orders: valid orders by visitor. rules: the row of the
    seed acquisition_rules.
    """
    bounces = [session.is_bounce for session in group.sessions if session.is_bounce is not None]
    spend, revenue = total(row.amount for row in group.spend), total(order.net_revenue for order in group.orders)
    days = rules["new_visitor_days"]
    matured = [one for one in group.new_visitors if days_covered.holds_days(one.session_date, days, "orders")]
    converted = sum(_ordered_within(one, visitor_orders.get(one.visitor_id, ()), days) for one in matured)
    known_visits = [
        one for one in group.sessions if one.number in converting or days_covered.holds(one.session_date, "orders")
    ]
    compared = [order for order in group.orders if days_covered.tells_channels(order.order_date)]
    acquired = [one for one in group.new_customers if days_covered.tells_channels(one.first_order_date)]
    paid = [row for row in group.spend if days_covered.tells_channels(days_covered.spend_day(row.spend_date))]
    cost, earned = total(row.amount for row in paid), total(order.net_revenue for order in compared)
    claims = [row.claimed for row in paid if row.claimed is not None]
    knows_orders = landed.orders and landed.spend and known.orders
    knows_customers = landed.orders and landed.spend and known.customers
    customers = len(group.new_customers)
    observed = [one for one in group.new_customers if (as_of - one.first_order_date).days >= REPURCHASE_DAYS]
    settled = [one for one in group.new_customers if (as_of - one.first_order_date).days >= rules["retention_days"]]
    lifetimes = sum((one.last_order_date - one.first_order_date).days for one in settled)
    row = Efficiency(
        sessions=len(group.sessions),
        visitors=len({session.visitor_id for session in group.sessions}),
        bounce_rate=ratio(sum(bounces), len(bounces)),
        spend=spend,
        impressions=known_sum(row.impressions for row in group.spend),
        clicks=known_sum(row.clicks for row in group.spend),
        new_visitors=len(group.new_visitors),
        new_customers=customers,
        orders=len(group.orders),
        net_revenue=revenue,
        conversion_rate=ratio(sum(session.number in converting for session in known_visits), len(known_visits)),
        new_visitor_conversion_rate=ratio(converted, len(matured)),
        cac=quotient(cost, len(acquired)) if known.cost else None,
        unallocated_spend=spend - (cost if acquired else ZERO),
        roas=ratio(earned, cost) if knows_orders else None,
        claimed_to_own_ratio=ratio(sum(claims, Decimal(0)), len(compared)) if claims and knows_orders else None,
        sessions_on_common_days=len(known_visits) if landed.orders else None,
        orders_on_common_days=len(compared) if knows_orders else None,
        net_revenue_on_common_days=earned if knows_orders else None,
        spend_on_common_days=cost if landed.orders else None,
        new_customers_on_common_days=len(acquired) if knows_customers else None,
        claimed_conversions_on_common_days=sum(claims, Decimal(0)) if claims else None,
        repurchase_rate_90d=ratio(sum(map(repurchased, observed)), len(observed)),
        retention_months=ratio(Fraction(lifetimes) / DAYS_PER_MONTH, len(settled)),
        aov=quotient(revenue, len(group.orders)),
    )
    kinds = (
        (_OF_SESSIONS, landed.sessions and known.visits), (_OF_ORDERS, landed.orders), (_OF_SPEND, landed.spend),
        (("orders", "net_revenue"), landed.orders and known.orders),
        (("new_customers",), landed.orders and known.customers),
    )  # fmt: skip
    return replace(row, **{column: None for columns, is_landed in kinds if not is_landed for column in columns})


def known_sum(counts: Iterable[int | None]) -> int | None:
    """The sum of the values that are not None; None if all are."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def quotient(amount: Decimal, count: int) -> Decimal | None:
    """Amount divided by count, in cents, rounded half away from zero; None if the count is 0."""
    return product(amount * 10**20 / count, Decimal("1e-20")) if count else None


def repurchased(customer: Customer) -> bool:
    """Whether the customer ordered again on days 1 to 90 after the first order."""
    return any(1 <= (order.order_date - customer.first_order_date).days <= REPURCHASE_DAYS for order in customer.orders)


def _ordered_within(session: Session, orders: Sequence[Order], days: int) -> bool:
    """Whether an order follows within that many days of the session's start."""
    return any(
        order.ordered_at >= session.started_at and (order.order_date - session.session_date).days <= days
        for order in orders
    )


@dataclass
class Day:
    """A row of kpi_daily. Measures whose facts the shop does not land are None."""

    gmv: Decimal | None = ZERO
    net_revenue: Decimal | None = ZERO
    orders: int | None = 0
    aov: Decimal | None = None
    buyers: int | None = 0
    new_buyers: int | None = 0
    unknown_orders: int | None = 0
    arpu: Decimal | None = None
    sessions: int | None = 0
    converting_sessions: int | None = 0
    conversion_rate: float | None = None
    refunds: Decimal | None = ZERO
    goods_refunds: Decimal | None = ZERO
    spend: Decimal | None = ZERO
    roi: float | None = None
    net_revenue_on_common_days: Decimal | None = None
    sessions_on_common_days: int | None = None
    spend_on_common_days: Decimal | None = None


def kpi_days(
    first: date,
    as_of: date,
    orders: Iterable[Order],
    refunds: Iterable[Refund],
    sessions: Iterable[Session],
    spend: Iterable[Spend],
    customers: Mapping[str, Customer],
    converting: set[int],
    landed: Landed,
    days_covered: Coverage,
) -> dict[date, Day]:
    """Every day from the first day to the as-of date.

    Refunds are goods and other parts as booked, for valid orders and credit notes. converting: numbers of the sessions
    with a valid order.
    """
    placed, visits = _by_day(orders, "order_date"), _by_day(sessions, "session_date")
    returned, spent = _by_day(refunds, "refund_date"), _by_day(spend, "spend_date")
    valid_ids = {order.order_id for of_day in placed.values() for order in of_day if order.is_valid}
    days = {}
    for day in (first + timedelta(days=place) for place in range((as_of - first).days + 1)):
        row = Day()
        if landed.orders:
            valid = [order for order in placed[day] if order.is_valid]
            buyers = {order.customer_id for order in valid} & customers.keys()
            row.gmv = total(order.gmv for order in placed[day] if not order.is_test)
            row.net_revenue = total(order.net_revenue for order in valid)
            row.orders, row.buyers = len(valid), len(buyers)
            row.unknown_orders = sum(order.customer_id == UNKNOWN for order in valid)
            row.new_buyers = sum(customers[buyer].first_order_date == day for buyer in buyers)
            row.aov, row.arpu = quotient(row.net_revenue, len(valid)), quotient(row.net_revenue, len(buyers))
        people = [session for session in visits[day] if not session.is_bot]
        row.sessions = len(people)
        row.converting_sessions = sum(session.number in converting for session in people)
        known = [one for one in people if one.number in converting or days_covered.holds(day, "orders")]
        if landed.sessions and (known or days_covered.holds(day, "orders")):
            row.sessions_on_common_days = len(known)
            row.conversion_rate = ratio(sum(session.number in converting for session in known), len(known))
        back = [one for one in returned[day] if one.order_id is None or one.order_id in valid_ids]
        row.goods_refunds = total(refund.goods_amount for refund in back)
        row.refunds = row.goods_refunds + total(refund.other_amount for refund in back)
        row.spend = total(one.amount for one in spent[day])
        if days_covered.holds(day, "spend", "orders"):
            row.net_revenue_on_common_days = row.net_revenue
        if days_covered.holds(days_covered.spend_day(day), "spend", "orders"):
            row.spend_on_common_days = row.spend
        if row.spend_on_common_days is not None and row.net_revenue_on_common_days is not None:
            row.roi = ratio(row.net_revenue_on_common_days - row.spend_on_common_days, row.spend_on_common_days)
        days[day] = _only_landed(row, landed, is_refunded=bool(returned[day]))
    return days


def _by_day(facts: Iterable[Any], column: str) -> dict[date, list[Any]]:
    """Facts by the date in the given attribute."""
    found: dict[date, list[Any]] = defaultdict(list)
    for fact in facts:
        found[getattr(fact, column)].append(fact)
    return found


def _only_landed(row: Day, landed: Landed, is_refunded: bool) -> Day:
    kinds = (
        (("gmv", "net_revenue", "orders", "buyers", "new_buyers", "unknown_orders"), landed.orders),
        (("sessions",), landed.sessions),
        (("converting_sessions",), landed.sessions and landed.orders),
        (("refunds", "goods_refunds"), landed.refunds and (landed.orders or is_refunded)),
        (("spend",), landed.spend),
    )
    return replace(row, **{column: None for columns, is_landed in kinds if not is_landed for column in columns})
