"""Orders, their lines and refunds, and the shop's days."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.bundles import GOODS
from shopper.crosscheck.oracle.money import ZERO
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import by_attributes, keyed


def _orders(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "customer_id", "is_guest", "is_valid", "is_renewal", "invalid_reason", "payment_method", "paid_at",
        "is_partly_paid", "is_refund_implied", "order_date", "gmv", "item_discount_amount",
        "order_discount_amount", "unapplied_discount_amount", "goods_refund_amount", "other_refund_amount",
        "net_revenue", "net_revenue_after_refunds", "other_charges_amount",
    )  # fmt: skip
    expected = by_attributes(shop.orders, lambda order: order.order_id, columns)
    if not shop.staged.rows["order_items"]:  # discounts of lines are unknown
        place = columns.index("item_discount_amount")
        expected = {key: (*cells[:place], None, *cells[place + 1 :]) for key, cells in expected.items()}
    return columns, expected, keyed(reader.rows("orders"), ["order_id"], columns)


def _order_numbers(shop: Shop, reader: Reader) -> Sides:
    expected = {
        order.order_id: (number, number == 1)
        for customer in shop.customers.values()
        for number, order in enumerate(customer.orders, 1)
    }
    columns = ("order_number", "is_first_order")
    return columns, expected, keyed(reader.rows("orders", where="order_number is not null"), ["order_id"], columns)


def _order_channels(shop: Shop, reader: Reader) -> Sides:
    expected = {order.order_id: (shop.order_channels[order.order_id],) for order in shop.orders}
    return ("channel",), expected, keyed(reader.rows("orders"), ["order_id"], ("channel",))


def _order_items(shop: Shop, reader: Reader) -> Sides:
    """Lines of goods with their amounts; parts of bundles and other lines without any."""
    amounts = (
        "quantity", "gross_amount", "item_discount_amount", "order_discount_amount", "net_revenue",
        "goods_refund_amount",
    )  # fmt: skip
    columns = (*amounts, "line_type", "bundle_order_item_id", "landed_quantity", "other_charges_amount")
    nothing = (ZERO,) * len(amounts)
    expected: Rows = {}
    for line in (line for order in shop.orders for line in order.lines):
        sold = tuple(getattr(line, name) for name in amounts)
        expected[line.order_item_id] = (*sold, GOODS, None, line.quantity, ZERO)
        for part in line.parts:
            expected[part.order_item_id] = (*nothing, GOODS, line.order_item_id, part.quantity, ZERO)
    for line in (line for order in shop.orders for line in order.other_lines):
        expected[line.order_item_id] = (*nothing, line.line_type, None, line.quantity, line.value)
    return columns, expected, keyed(reader.rows("order_items"), ["order_item_id"], columns)


def _refunds(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "order_id", "customer_id", "refund_date", "goods_amount", "other_amount", "goods_amount_at_order_rate",
        "other_amount_at_order_rate", "line_type",
    )  # fmt: skip
    expected = by_attributes(shop.refunds, lambda refund: refund.refund_id, columns)
    return columns, expected, keyed(reader.rows("refunds"), ["refund_id"], columns)


def _days(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "gmv", "net_revenue", "orders", "aov", "buyers", "new_buyers", "unknown_orders", "arpu", "sessions",
        "converting_sessions", "conversion_rate", "refunds", "goods_refunds", "spend", "roi",
    )  # fmt: skip
    expected = {day: tuple(getattr(row, column) for column in columns) for day, row in shop.days.items()}
    return columns, expected, keyed(reader.rows("kpi_daily"), ["date"], columns)


CHECKS: Final = (
    Check("orders", "customer, validity, revenue, discounts, refunds", "marts", "orders", _orders, "net_revenue"),
    Check("orders", "number of each valid order of a customer", "marts", "orders", _order_numbers),
    Check("orders", "channel by order", "marts", "orders", _order_channels),
    Check("lines", "amounts by order line", "marts", "order_items", _order_items, "net_revenue"),
    Check("refunds", "goods and other, as booked and restated", "marts", "refunds", _refunds, "goods_amount"),
    Check("days", "the shop's figures by day", "marts", "kpi_daily", _days, "net_revenue"),
)
