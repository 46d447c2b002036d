"""The shop as raw rows: text by column name, ids in chronological order. None is an empty field."""

from __future__ import annotations

from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import date_of
from shopper.generate.rows import marketing, orders, people, service, visits
from shopper.generate.rows.texts import Row, money
from shopper.generate.shop import Shop

__all__ = ["SHARED", "Row", "raw_rows"]

SHARED: Final = (
    "products", "inventory_snapshots", "competitor_prices", "marketing_spend", "campaigns", "promotions",
    "experiment_variants", "exchange_rates",
)  # fmt: skip
"""Tables that all blocks share."""


def raw_rows(shop: Shop, seed: int, block: int = 0) -> dict[str, list[Row]]:
    """All tables of a block except spend, sorted by id or time."""
    _number_everything(shop)

    def chance(stream: str) -> Chance:
        return Chance(seed, f"{block}/{stream}")

    return {
        "customers": list(people.customer_rows(shop, chance("customer rows"))),
        "products": [people.product_row(product) for product in shop.products],
        "inventory_snapshots": _stock_rows(shop),
        "competitor_prices": _competitor_rows(shop),
        "orders": [orders.order_row(shop, order) for order in shop.orders],
        "order_items": [row for order in shop.orders for row in orders.item_rows(shop, order)],
        "payments": list(orders.payment_rows(shop)),
        "refunds": list(orders.refund_rows(shop)),
        "shipments": list(orders.shipment_rows(shop)),
        "sessions": [visits.session_row(one, chance(f"session {one.session_id}")) for one in shop.sessions],
        "events": list(visits.event_rows(shop, chance("event rows"))),
        "campaigns": list(marketing.campaign_rows()),
        "messages": list(marketing.message_rows(shop)),
        "promotions": list(marketing.promotion_rows()),
        "experiment_variants": list(marketing.variant_rows(shop)),
        "experiment_assignments": list(marketing.assignment_rows(shop)),
        "reviews": list(service.review_rows(shop)),
        "survey_responses": list(service.survey_rows(shop)),
        "support_tickets": list(service.ticket_rows(shop)),
        "exchange_rates": _rate_rows(shop),
    }


def _stock_rows(shop: Shop) -> list[Row]:
    return [
        {
            "snapshot_date": date_of(one.day),
            "product_id": one.product.product_id,
            "on_hand_quantity": one.on_hand,
            "on_order_quantity": one.on_order,
        }
        for one in shop.stocks
    ]


def _competitor_rows(shop: Shop) -> list[Row]:
    return [
        {
            "price_date": date_of(one.day),
            "product_id": one.product.product_id,
            "competitor": one.competitor,
            "price": money(one.price),
            "currency": "CNY",
        }
        for one in shop.competitor_prices
    ]


def _rate_rows(shop: Shop) -> list[Row]:
    return [
        {"rate_date": date_of(day), "currency": currency, "rate": rate}
        for currency, by_day in shop.rates.items()
        for day, rate in by_day.items()
    ]


def _number_everything(shop: Shop) -> None:
    """Assign ids in chronological order: customers by registration, visitors, sessions and orders by first event."""
    accounts = sorted((one for one in shop.people if one.has_account), key=lambda one: (one.registered_at, one.number))
    for place, person in enumerate(accounts, 1):
        person.customer_id = f"c{place:04d}"
    seen = sorted(
        (one for one in shop.people if one.sessions), key=lambda one: (min(s.start for s in one.sessions), one.number)
    )
    for place, person in enumerate(seen, 1):
        person.visitor_id = f"v{place:04d}"
    shop.sessions.sort(key=lambda session: (session.start, session.person.number))
    for place, session in enumerate(shop.sessions, 1):
        session.session_id = f"s{place:05d}"
    shop.orders.sort(key=lambda order: (order.placed_at, order.person.number))
    item = 0
    for place, order in enumerate(shop.orders, 1):
        order.order_id = f"o{place:05d}"
        for line in order.lines:
            item += 1
            line.line_id = f"i{item:05d}"
