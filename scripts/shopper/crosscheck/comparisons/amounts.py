"""Units, prices, costs and margins of orders and their lines, and what orders charge beside goods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.money import ZERO, product, total
from shopper.crosscheck.oracle.orders import Line, Order
from shopper.crosscheck.oracle.products import line_costs, margin_of
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

# A line of goods with the cost of its kept units. None: unknown.
_Costed = tuple[Line, Decimal | None]
_NOTHING: Final = Decimal("0.000")


def has_costs(shop: Shop) -> bool:
    """Whether any line or product has a cost."""
    rows = shop.staged.rows
    return any(row["unit_cost"] is not None for table in ("order_items", "products") for row in rows[table])


def _orders(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "items", "units", "gross_amount", "cost_amount", "gross_margin", "covered_net_revenue", "covered_gross_margin",
        "shipping_amount", "shipping_discount_amount", "tax_amount", "total_amount", "points_redeemed",
    )  # fmt: skip
    staged, costed = shop.staged.rows, _costed_lines(shop)
    landed = {row["order_id"]: row for row in staged["orders"]}
    expected: Rows = {}
    for order in shop.orders:
        row = landed[order.order_id]
        rate = shop.staged.rates.on(row["currency"], order.order_date) or Decimal(1)
        gross = total(line.gross_amount for line in order.lines)
        expected[order.order_id] = (
            len(order.lines) if staged["order_items"] else None,
            order.units if staged["order_items"] else None,
            gross if order.charged_amount is None else order.charged_amount + order.charged_discount_amount,
            *_margin(costed[order.order_id], known=has_costs(shop)),
            product(row["shipping_amount"] or ZERO, rate),
            order.shipping_discount_amount,
            order.tax_amount,
            None if row["total_amount"] is None else product(row["total_amount"], rate),
            row["points_redeemed"],
        )
    return columns, expected, keyed(reader.rows("orders"), ["order_id"], columns)


def _costed_lines(shop: Shop) -> dict[str, list[_Costed]]:
    """Lines of goods by order."""
    found: dict[str, list[_Costed]] = defaultdict(list)
    for order, line, _back, cost in line_costs(shop):
        found[order.order_id].append((line, cost))
    return found


def _margin(lines: list[_Costed], *, known: bool) -> tuple[Decimal | None, ...]:
    """Cost and margin of an order, both unknown where one line's cost is, and the revenue and margin of the lines whose
    cost is known. known: the shop lands costs.
    """
    costs = [cost for _line, cost in lines if cost is not None]
    margins = [margin for line, cost in lines if (margin := margin_of(line, cost)) is not None]
    is_whole = bool(lines) and len(costs) == len(lines)
    return (
        total(costs) if is_whole else None,
        total(margins) if is_whole else None,
        total(line.net_revenue for line, cost in lines if cost is not None),
        total(margins) if known else None,
    )


def _lines(shop: Shop, reader: Reader) -> Sides:
    """Parts of bundles and lines of something else have a price, and no amounts of goods."""
    columns = ("unit_price", "list_price", "gmv", "returned_quantity", "cost_amount", "gross_margin")
    prices = _Prices(shop)
    expected: Rows = {}
    for order, line, back, cost in line_costs(shop):
        amounts = (line.list_amount, back, cost, margin_of(line, cost))
        expected[line.order_item_id] = (*prices.of(order, line), *amounts)
        for part in line.parts:
            expected[part.order_item_id] = (*prices.of(order, part), ZERO, _NOTHING, ZERO, ZERO)
    for order, line in _others(shop.orders):
        expected[line.order_item_id] = (*prices.of(order, line), ZERO, _NOTHING, ZERO, ZERO)
    return columns, expected, keyed(reader.rows("order_items"), ["order_item_id"], columns)


def _others(orders: Iterable[Order]) -> Iterable[tuple[Order, Line]]:
    return ((order, line) for order in orders for line in order.other_lines)


class _Prices:
    """Prices of lines in the reporting currency: as sold, and of the product's list (None where unknown)."""

    def __init__(self, shop: Shop) -> None:
        self._items = {row["order_item_id"]: row for row in shop.staged.rows["order_items"]}
        self._products = {row["product_id"]: row for row in shop.staged.rows["products"]}
        self._currencies = {row["order_id"]: row["currency"] for row in shop.staged.rows["orders"]}
        self._rates = shop.staged.rates

    def of(self, order: Order, line: Line) -> tuple[Decimal, Decimal | None]:
        rate = self._rates.on(self._currencies[order.order_id], order.order_date) or Decimal(1)
        sold = product(self._items[line.order_item_id]["unit_price"], rate)
        return sold, self._listed(self._products.get(line.product_id), order)

    def _listed(self, catalogued: Row | None, order: Order) -> Decimal | None:
        if catalogued is None or catalogued["list_price"] is None:
            return None
        rate = self._rates.on(catalogued["currency"], order.order_date)
        return None if rate is None else product(catalogued["list_price"], rate)


CHECKS: Final = (
    Check("orders", "units, costs, margins, charges", "marts", "orders", _orders, "cost_amount"),
    Check("lines", "prices, returns, costs, margins", "marts", "order_items", _lines, "cost_amount"),
)
