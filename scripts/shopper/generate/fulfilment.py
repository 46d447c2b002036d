"""Orders after the basket: refunds, times, status, payments, parcels, currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, DAY_SECONDS, WINDOW_START, moment
from shopper.generate.contexts import hour_weights
from shopper.generate.entities import Line, Order, Person

REASONS: Final = {
    "quality": 5,
    "wrong size": 4,
    "changed mind": 4,
    "not as described": 3,
    "damaged in transit": 2,
    "late delivery": 2,
}
_REFUND_SHARE: Final = 0.085
_LOYAL_REFUNDS: Final = 5
_LOYAL_FLOOR: Final = 6_500
_NEVER_REFUNDED: Final = ("loyal", "lapsing")
_FOREIGN: Final = {"USD": 6, "JPY": 4, "KWD": 3}
_METHODS: Final = {"standard": 70, "same_city": 12, "scheduled": 8, "pickup": 10}
_PROMISED_DAYS: Final = {"standard": 4, "same_city": 1, "scheduled": 5, "pickup": 3}
_END: Final = moment(AS_OF, DAY_SECONDS - 1)


@dataclass(slots=True, eq=False)
class Refund:
    order: Order
    line: Line | None
    quantity: int | None
    goods: float
    shipping: float
    reason: str
    is_return: bool
    is_exchange: bool
    requested_at: int
    refunded_at: int


@dataclass(slots=True, eq=False)
class Payment:
    order: Order
    at: int
    method: str
    status: str
    amount: float


@dataclass(slots=True, eq=False)
class Shipment:
    order: Order
    carrier: str
    method: str
    cost: float
    shipped_at: int
    promised_at: int
    delivered_at: int | None


def make_refunds(chance: Chance, orders: Sequence[Order]) -> list[Refund]:
    """Refunds of valid orders, within the period. Loyal customers have so few that they stay loyal."""
    able = [order for order in orders if order.person.plan not in _NEVER_REFUNDED and order.day <= AS_OF - 20]
    chosen = chance.some(able, round(len(orders) * _REFUND_SHARE))
    rich = [
        order
        for order in orders
        if order.person.plan == "loyal"
        and order.day <= AS_OF - 20
        and _window_money(order.person) - order.net > _LOYAL_FLOOR
    ]
    chosen += list({order.person.number: order for order in rich}.values())[:_LOYAL_REFUNDS]
    chosen.sort(key=lambda order: (order.day, order.person.number))
    kinds = chance.quota(len(chosen), {"line": 60, "allowance": 15, "order": 15, "exchange": 10})
    return [_refund(chance, order, kind) for order, kind in zip(chosen, kinds, strict=True)]


def _window_money(person: Person) -> float:
    return sum(order.kept for order in person.orders if order.day >= WINDOW_START)


def _refund(chance: Chance, order: Order, kind: str) -> Refund:
    gross = sum(line.net for line in order.lines)
    line = chance.choice(order.lines)
    value = line.net * order.net / gross
    requested = moment(min(order.day + chance.randint(4, 15), AS_OF - 2), chance.randint(9 * 3600, 22 * 3600))
    refunded = requested + chance.randint(3_600, 40 * 3_600)
    refund = Refund(
        order, line, line.quantity, round(value, 2), 0.0, chance.one(REASONS), True, False, requested, refunded
    )
    if kind == "allowance":
        refund.goods, refund.quantity, refund.is_return = round(value * 0.2, 2), None, False
    elif kind == "order":
        refund.goods, refund.line, refund.quantity, refund.shipping = round(order.net, 2), None, None, order.shipping
        order.status = "refunded"
    elif kind == "exchange":
        refund.goods, refund.is_exchange = 0.0, True
    order.refunded, order.is_settled = refund.goods, True
    return refund


def assign_shipping(chance: Chance, orders: Sequence[Order]) -> None:
    """Charge shipping on orders below 99 CNY."""
    for order in orders:
        order.shipping = float(chance.choice([6, 8, 10])) if order.net < 99 and order.sales_channel != "store" else 0.0


def assign_currencies(chance: Chance, people: Sequence[Person]) -> None:
    """A few customers abroad pay all their orders in another currency."""
    web = ("paid_search", "organic_search", "referral", "direct")
    able = [
        person
        for person in people
        if person.plan in ("developing", "early") and person.channel in web and person.has_account
    ]
    for person, currency in zip(
        chance.some(able, sum(_FOREIGN.values())), chance.quota(sum(_FOREIGN.values()), _FOREIGN), strict=True
    ):
        for order in person.orders:
            order.currency = currency


def assign_times(chance: Chance, orders: Sequence[Order]) -> None:
    """Set the times of order and payment for orders without a session."""
    loose = [order for order in orders if order.session is None]
    groups: dict[str, list[Order]] = {}
    for order in loose:
        groups.setdefault(order.person.gender or "unknown", []).append(order)
    for gender in sorted(groups):
        for order, hour in zip(groups[gender], chance.quota(len(groups[gender]), hour_weights(gender)), strict=True):
            if order.sales_channel == "store":
                hour = min(max(hour, 10), 21)
            order.placed_at = moment(order.day, hour * 3600 + chance.randrange(3_300))
            order.paid_at = order.placed_at + (0 if order.sales_channel == "store" else chance.randint(20, 280))


def cancelled_orders(chance: Chance, people: Sequence[Person], count: int) -> list[Order]:
    """Orders in the app that were paid, then cancelled before shipping; they have no session."""
    able = [
        person
        for person in people
        if person.is_buyer and person.has_account and person.orders[0].lines and person.first_day < 500
    ]
    orders = []
    for person in chance.some(able, count):
        day = chance.randint(person.first_day + 1, min(person.first_day + 200, AS_OF - 3))
        if day in person.order_days:
            continue
        line = person.orders[0].lines[0]
        order = Order(person, day, line.net, lines=[Line(line.product, 1, line.product.price_on(day))])
        order.sales_channel, order.status = "app", "cancelled"
        order.placed_at = moment(day, chance.randint(9 * 3600, 21 * 3600))
        order.paid_at = order.placed_at + chance.randint(20, 90)
        order.cancelled_at = order.paid_at + chance.randint(900, 30_000)
        orders.append(order)
    return orders


def settle_unpaid(chance: Chance, orders: Sequence[Order]) -> None:
    """Set the status of unpaid orders."""
    for order, status in zip(
        orders, chance.quota(len(orders), {"cancelled": 5, "failed": 3, "placed": 2}), strict=True
    ):
        order.status = status
        if status == "cancelled":
            order.cancelled_at = min(order.placed_at + chance.choice([1_800, 86_400]), _END)


def ship(chance: Chance, orders: Sequence[Order]) -> list[Shipment]:
    """Parcels of paid orders. Sets status and completion of orders that had time to arrive."""
    shipments = []
    for order in orders:
        paid = order.paid_at
        if paid is None or order.status == "cancelled":
            continue
        if order.sales_channel == "store":
            order.completed_at = paid
            continue
        method = chance.one(_METHODS)
        shipped = paid + chance.randint(3, 30) * 3_600
        promised = moment(order.day + _PROMISED_DAYS[method] + 1, 0) - 1
        limit = _PROMISED_DAYS[method] * DAY_SECONDS
        is_late = chance.yes(0.1)
        delivered = paid + round(limit * (chance.uniform(1.4, 2.2) if is_late else chance.uniform(0.35, 0.9)))
        delivered = max(delivered, shipped + 7_200)
        if shipped > _END:
            order.status = "paid" if order.status != "refunded" else order.status
            continue
        is_there = delivered <= _END
        done = delivered + chance.randint(1, 5) * DAY_SECONDS
        if order.status != "refunded":
            order.status = "completed" if done <= _END else "shipped"
        order.completed_at = done if done <= _END else None
        carrier = chance.one({"SF Express": 4, "JD Logistics": 3, "ZTO": 3, "YTO": 2})
        cost = {"standard": 7.5, "same_city": 14.0, "scheduled": 12.0, "pickup": 3.0}[method]
        shipments.append(Shipment(order, carrier, method, cost, shipped, promised, delivered if is_there else None))
    return shipments


def pay(chance: Chance, orders: Sequence[Order]) -> list[Payment]:
    """Payment attempts: failures before a success, only failures, partial payments with points."""
    payments = []
    for order in orders:
        total = order.net + order.shipping
        method = chance.one(
            {"wallet": 56, "card": 27, "bank_instalment": 10 if total > 800 else 0, "cash_on_delivery": 5}
        )
        if order.paid_at is None:
            kinds = chance.choice([("failed",), ("failed",), ("failed", "failed"), ("pending",)])
            payments += [
                Payment(order, order.placed_at + 20 + 40 * place, method, kind, total)
                for place, kind in enumerate(kinds)
            ]
            continue
        if chance.yes(0.05) and order.paid_at > order.placed_at:
            payments.append(
                Payment(order, order.placed_at + (order.paid_at - order.placed_at) // 2, method, "failed", total)
            )
        points = (
            float(chance.choice([5, 10, 20])) if order.currency == "CNY" and total > 100 and chance.yes(0.04) else 0.0
        )
        if points:
            payments.append(Payment(order, order.paid_at, "points", "succeeded", points))
        payments.append(Payment(order, order.paid_at, method, "succeeded", total - points))
        if order.status == "cancelled" and order.cancelled_at is not None:
            payments.append(Payment(order, order.cancelled_at + 600, method, "refunded", total))
    return payments
