"""Abandoned carts, and the orders that recovered them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from shopper.crosscheck.oracle.money import product
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import ADDS, Visit, second


@dataclass
class Cart:
    """The cart that a session left: units by product, time of the last addition, and the recovering order (or None)."""

    visit: Visit
    units: dict[str, Decimal]
    carted_at: datetime
    value: Decimal | None
    recovered_by: Order | None = None
    is_latest: bool = False


def abandoned_carts(shop: Shop, people: Iterable[Visit], recovery_days: int) -> list[Cart]:
    """The carts of all sessions that ended by the end of the as-of date."""
    staged = shop.staged
    assert staged.period.as_of_end_at
    timeout = timedelta(minutes=staged.settings.session_timeout_minutes)
    products = {row["product_id"]: row for row in staged.rows["products"]}
    carts = []
    for visit in people:
        units = left_units(visit)
        if units:
            carted_at = max(_added(visit, one) for one in units)
            if (visit.session.ended_at or carted_at) + timeout <= staged.period.as_of_end_at:
                carts.append(Cart(visit, units, carted_at, _value(shop, visit, units, products)))
    _recover(shop, carts, recovery_days)
    latest: dict[str, Cart] = {}
    for cart in carts:
        best = latest.setdefault(cart.visit.session.visitor_id, cart)
        if (cart.carted_at, cart.visit.session.name) > (best.carted_at, best.visit.session.name):
            latest[cart.visit.session.visitor_id] = cart
    for cart in latest.values():
        cart.is_latest = True
    return carts


def left_units(visit: Visit) -> dict[str, Decimal]:
    """Units by product in the cart after the session's last order. A removal takes no more than is there."""
    units: dict[str, Decimal] = defaultdict(Decimal)
    ordered_at = visit.ends.get("order", datetime.min)
    for event in visit.events:
        if event["product_id"] is None or second(event["occurred_at"]) <= ordered_at:
            continue
        quantity = Decimal(1) if event["quantity"] is None else event["quantity"]
        if event["event_type"] in ADDS:
            units[event["product_id"]] += quantity
        elif event["event_type"] == "remove_from_cart":
            units[event["product_id"]] = max(units[event["product_id"]] - quantity, Decimal(0))
    return {one: count for one, count in units.items() if count > 0}


def _added(visit: Visit, product_id: str) -> datetime:
    """The last second in which the product was added."""
    return max(
        second(event["occurred_at"])
        for event in visit.events
        if event["event_type"] in ADDS and event["product_id"] == product_id
    )


def _value(shop: Shop, visit: Visit, units: Mapping[str, Decimal], products: Mapping[str, Row]) -> Decimal | None:
    """Value of the units at list price, in the reporting currency; None if no price is known."""
    values = []
    for one, count in units.items():
        row = products.get(one)
        if row is not None and row["list_price"] is not None:
            day = shop.staged.settings.local_date(_added(visit, one))
            rate = shop.staged.rates.on(row["currency"], day)
            if rate is not None:
                values.append(product(count, row["list_price"], rate))
    return sum(values, Decimal(0)) if values else None


def _recover(shop: Shop, carts: Iterable[Cart], recovery_days: int) -> None:
    """Set the recovering order: the first valid order of the same visitor or customer with one of the products."""
    settings = shop.staged.settings
    of_person: dict[tuple[str, str], list[Order]] = defaultdict(list)
    for order in shop.orders:
        if order.is_valid and not order.is_renewal:
            of_person["customer", order.customer_id].append(order)
            if order.visitor_id is not None:
                of_person["visitor", order.visitor_id].append(order)
    for cart in carts:
        session = cart.visit.session
        last_day = settings.local_date(cart.carted_at) + timedelta(days=recovery_days)
        candidates = [
            order
            for order in of_person["visitor", session.visitor_id] + of_person["customer", session.customer_id or ""]
            if order.ordered_at > cart.carted_at
            and order.order_date <= last_day
            and any(line.product_id in cart.units for line in order.lines)
        ]
        cart.recovered_by = min(candidates, key=lambda order: (order.ordered_at, order.order_id), default=None)
