"""Prices that include tax: an order's own tax is taken out of its goods, discounts and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from shopper.crosscheck.oracle.money import half_up, spread, total
from shopper.crosscheck.oracle.settings import Row


class _Line(Protocol):
    """A line of an order, with amounts as its prices are."""

    order_item_id: str
    line_type: str
    gross_amount: Decimal
    list_amount: Decimal
    item_discount_amount: Decimal
    order_discount_amount: Decimal

    @property
    def value(self) -> Decimal: ...

    @property
    def net_revenue(self) -> Decimal: ...


class _Landed(Protocol):
    """What an order charged in its own currency: goods and shipping without tax, goods as priced."""

    @property
    def currency(self) -> str: ...

    @property
    def goods(self) -> Fraction: ...

    @property
    def shipping(self) -> Fraction: ...

    @property
    def priced(self) -> Fraction: ...


class _Order(Protocol):
    """An order with its lines of goods and of something else."""

    shipping_amount: Decimal
    tax_amount: Decimal
    goods_tax_amount: Decimal
    charged_amount: Decimal | None
    charged_discount_amount: Decimal

    @property
    def lines(self) -> Sequence[_Line]: ...

    @property
    def other_lines(self) -> Sequence[_Line]: ...

    @property
    def net_revenue(self) -> Decimal: ...


def tax_of_goods(tax: Fraction, goods: Fraction, shipping: Fraction) -> Fraction:
    """The part of an order's tax that is inside the price of its goods; shipping bears the rest in proportion."""
    return min(tax * goods / (goods + shipping), goods) if goods + shipping else Fraction(0)


def take_out_tax(order: _Order) -> None:
    """Take the tax out of an order whose prices hold it: goods and shipping bear it in proportion.

    Lines bear the goods' tax by what they charge, in cents by largest remainder; discounts and the list price hold tax
    in the proportion of the whole order.
    """
    priced = order.net_revenue
    shipping = order.shipping_amount + total(line.value for line in order.other_lines if line.line_type == "shipping")
    tax = min(half_up(order.tax_amount * priced, priced + shipping), priced)
    order.goods_tax_amount = tax
    if not tax:
        return
    if order.charged_amount is not None:
        order.charged_amount -= tax
        order.charged_discount_amount = half_up(order.charged_discount_amount * (priced - tax), priced)
    shares = spread(tax, {line.order_item_id: line.net_revenue for line in order.lines})
    for line in order.lines:
        net = line.net_revenue - shares.get(line.order_item_id, Decimal(0))
        above_price = half_up((line.list_amount - line.gross_amount) * (priced - tax), priced)
        line.item_discount_amount = half_up(line.item_discount_amount * (priced - tax), priced)
        line.order_discount_amount = half_up(line.order_discount_amount * (priced - tax), priced)
        line.gross_amount = net + line.order_discount_amount + line.item_discount_amount
        line.list_amount = line.gross_amount + above_price


def without_tax(amount: Decimal, order: _Order) -> Decimal:
    """An amount that holds the tax of its order's goods, without it. The order's own tax is already taken out."""
    tax = order.goods_tax_amount
    return half_up(amount * order.net_revenue, order.net_revenue + tax) if tax else amount


def holds_tax(row: Row) -> bool:
    """Whether the known goods of a refund hold tax: unless its tax is landed as a part of its own."""
    return row["goods_amount"] is not None or row["tax_amount"] is None


def shipping_holds_tax(row: Row, landed: _Landed) -> bool:
    """Whether the shipping of a refund holds tax beside all of the tax: it is more than the order's without tax."""
    return (
        not holds_tax(row)
        and row["currency"] == landed.currency
        and landed.priced > landed.goods
        and landed.shipping > 0
        and Fraction(row["shipping_amount"] or 0) > landed.shipping + Fraction(5, 1000)
    )
