"""Orders, lines, payments, refunds and shipments as raw rows."""

from __future__ import annotations

from collections.abc import Iterable

from shopper.generate.clock import local_text, named_text, spaced_text, utc_text
from shopper.generate.entities import Order
from shopper.generate.rows.texts import Row, boolean_text, in_currency, money
from shopper.generate.shop import Shop


def order_row(shop: Shop, order: Order) -> Row:
    """An order, in its own currency."""
    session = order.session
    times = [order.placed_at, order.paid_at, order.completed_at, order.cancelled_at]
    total = sum(float(in_currency(shop.rates, order, line.net)) for line in order.lines)
    total += float(in_currency(shop.rates, order, order.shipping)) - float(
        in_currency(shop.rates, order, order.discount)
    )
    return {
        "order_id": order.order_id,
        "customer_id": order.person.customer_id,
        "visitor_id": session.person.visitor_id if session else None,
        "session_id": session.session_id if session else None,
        "ordered_at": utc_text(order.placed_at),
        "paid_at": utc_text(order.paid_at),
        "completed_at": utc_text(order.completed_at),
        "cancelled_at": utc_text(order.cancelled_at),
        "status": order.status,
        "sales_channel": order.sales_channel,
        "currency": order.currency,
        "discount_amount": in_currency(shop.rates, order, order.discount),
        "shipping_amount": in_currency(shop.rates, order, order.shipping),
        "tax_amount": 0,
        "total_amount": money(total, order.currency),
        "promotion_code": order.promotion,
        "points_redeemed": 0,
        "is_test": "false",
        "updated_at": utc_text(max(when for when in times if when is not None)),
    }


def item_rows(shop: Shop, order: Order) -> Iterable[Row]:
    """The lines of an order, in its own currency."""
    for line in order.lines:
        # The unit price is rounded to the currency; the discount follows, so that totals add up.
        yield {
            "order_item_id": line.line_id,
            "order_id": order.order_id,
            "product_id": line.product.product_id,
            "quantity": line.quantity,
            "unit_price": in_currency(shop.rates, order, line.unit_price),
            "discount_amount": in_currency(shop.rates, order, line.discount),
            "updated_at": utc_text(order.placed_at),
        }


def payment_rows(shop: Shop) -> Iterable[Row]:
    """Payment attempts, by time."""
    payments = sorted(shop.payments, key=lambda one: (one.at, one.order.order_id, one.status))
    for place, one in enumerate(payments, 1):
        is_full = abs(one.amount - one.order.net - one.order.shipping) < 0.005
        amount = (
            order_row(shop, one.order)["total_amount"] if is_full else in_currency(shop.rates, one.order, one.amount)
        )
        yield {
            "payment_id": f"p{place:05d}",
            "order_id": one.order.order_id,
            "attempted_at": named_text(one.at),
            "payment_method": one.method,
            "status": one.status,
            "amount": amount,
            "currency": one.order.currency,
        }


def refund_rows(shop: Shop) -> Iterable[Row]:
    """Refunds, by time."""
    for place, one in enumerate(sorted(shop.refunds, key=lambda one: (one.refunded_at, one.order.order_id)), 1):
        yield {
            "refund_id": f"r{place:04d}",
            "order_id": one.order.order_id,
            "customer_id": one.order.person.customer_id,
            "order_item_id": one.line.line_id if one.line else None,
            "product_id": one.line.product.product_id if one.line else None,
            "quantity": one.quantity,
            "amount": in_currency(shop.rates, one.order, one.goods + one.shipping),
            "shipping_amount": in_currency(shop.rates, one.order, one.shipping),
            "tax_amount": 0,
            "currency": one.order.currency,
            "reason": one.reason,
            "is_return": boolean_text(one.is_return),
            "is_exchange": boolean_text(one.is_exchange),
            "requested_at": local_text(one.requested_at),
            "refunded_at": local_text(one.refunded_at),
        }


def shipment_rows(shop: Shop) -> Iterable[Row]:
    """Parcels, by time."""
    for place, one in enumerate(sorted(shop.shipments, key=lambda one: (one.shipped_at, one.order.order_id)), 1):
        yield {
            "shipment_id": f"h{place:05d}",
            "order_id": one.order.order_id,
            "carrier": one.carrier,
            "delivery_method": one.method,
            "shipping_cost": money(one.cost),
            "shipped_at": spaced_text(one.shipped_at),
            "promised_at": spaced_text(one.promised_at),
            "delivered_at": spaced_text(one.delivered_at),
        }
