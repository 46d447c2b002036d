"""Checks of an order's total against its parts: goods, discounts, shipping, tax, fees and tip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from shopper.doctor.facts import money, order_facts
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop

# A cent for each amount that was rounded: the lines, the order's discount, shipping and tax, and what else it charges.
_TOLERANCE: Final = "0.01 * (lines + 3 + (fees <> 0)::integer + (tip <> 0)::integer)"
_GOODS: Final = "(gross - line_discount - discount)"
_BESIDES: Final = "(shipping - shipping_discount + fees + tip)"
_EXPECTED: Final = f"({_GOODS} + {_BESIDES} + case when has_tax_in_prices then 0 else tax end)"
_FEWEST_ORDERS = 3
_ENOUGH = 0.5


class _Reading(NamedTuple):
    """Another reading of the columns: what it says, where it can apply, the total by it, and its line."""

    says: str
    where: str
    total: str
    table: str
    line: str


_READINGS: Final = (
    _Reading(
        "discount_amount of orders repeats the discounts of the lines",
        "line_discount > 0 and discount >= line_discount",
        f"{_EXPECTED} + line_discount",
        "order_items",
        "discount_amount: <remove this line: the order's discount holds it>",
    ),
    _Reading(
        "unit_price is already after the discount of the line",
        "line_discount > 0",
        f"{_EXPECTED} + line_discount",
        "order_items",
        "discount_amount: <remove this line: unit_price is after it>",
    ),
    _Reading(
        "discount_amount of a line is for one unit",
        "line_discount > 0 and unit_discount <> line_discount",
        f"{_EXPECTED} + line_discount - unit_discount",
        "order_items",
        "",
    ),
    _Reading(
        "unit_price is already after the order's discount",
        "discount > 0",
        f"{_EXPECTED} + discount",
        "orders",
        "discount_amount: <remove this line: the lines are after it>",
    ),
    _Reading(
        "discount_amount holds shipping_discount_amount too",
        "shipping_discount > 0 and discount >= shipping_discount",
        f"{_EXPECTED} + shipping_discount",
        "orders",
        "",
    ),
    _Reading(
        "total_amount is without shipping",
        "shipping > 0",
        f"{_EXPECTED} - shipping + shipping_discount",
        "orders",
        "",
    ),
)
_MATCHES: Final = f"abs(total - {_EXPECTED}) <= {_TOLERANCE}"
_COMPARED: Final = "not is_test and lines > 0 and total is not null"
_HAS_TAX_INSIDE: Final = (
    f"(not has_tax_in_prices and tax > {_TOLERANCE} and abs(total - ({_GOODS} + {_BESIDES})) <= {_TOLERANCE})"
)
_HAS_TAX_ON_TOP: Final = (
    f"(has_tax_in_prices and tax > {_TOLERANCE} and abs(total - ({_GOODS} + {_BESIDES} + tax)) <= {_TOLERANCE})"
)
_IS_TAX_MISREAD: Final = f"({_HAS_TAX_INSIDE} or {_HAS_TAX_ON_TOP})"


def check_totals(shop: Shop) -> Iterator[Finding]:
    """Prices that seem to hold tax, and totals that no sum of the parts explains."""
    if not (shop.has("orders", "order_id", "total_amount") and shop.has("order_items", "order_id", "unit_price")):
        return
    yield from _tax_inside(shop)
    yield from _tax_on_top(shop)
    yield from _mismatches(shop)


def _tax_inside(shop: Shop) -> Iterator[Finding]:
    """Orders whose lines and shipping add up to the total without the tax: the tax is in the prices, or the total is
    without it. A payment of the total says which.
    """
    facts = order_facts(shop)
    taxed, inside, on_top, paid, paid_more = shop.query(
        f"select count(*), count(*) filter (where {_HAS_TAX_INSIDE}), count(*) filter (where {_MATCHES}),"
        f" count(*) filter (where {_HAS_TAX_INSIDE} and abs(paid_amount - total) <= {_TOLERANCE}),"
        f" count(*) filter (where {_HAS_TAX_INSIDE} and abs(paid_amount - total - tax) <= {_TOLERANCE})"
        f" from {facts} where {_COMPARED} and tax > {_TOLERANCE} and not has_tax_in_prices"
    )[0]
    if not inside:
        return
    share, held = inside / taxed, money(shop, facts, "tax", f"{_COMPARED} and {_HAS_TAX_INSIDE}")
    message = f"the lines of {inside:,} of {taxed:,} orders with tax add up to the total without the tax ({held})"
    if paid_more > paid:
        message += f": total_amount is without tax, as {paid_more:,} payments are higher by it"
        total = shop.definition_of("orders", "tax_amount")
        fix = shop.column_fix("orders", "total_amount", expression=f'{{}} + "{total.column or "tax_amount"}"')
    else:
        message += ": the prices seem to include it, and it counts as revenue"
        is_all = inside > on_top
        message += f"; with the line below {inside:,} totals match, without it {on_top:,}"
        part = "true" if is_all else "<expression that is true for these orders>"
        fix = shop.table_fix("orders", f"prices_include_tax: {{{'value' if is_all else 'expression'}: {part}}}")
    yield Finding(severity_of(share), "tax", "order_items.unit_price", message, inside, share, (), fix)


def _tax_on_top(shop: Shop) -> Iterator[Finding]:
    """Orders whose prices are said to include tax, and whose total is the lines and shipping with the tax on top."""
    facts = order_facts(shop)
    taxed, on_top, inside = shop.query(
        f"select count(*), count(*) filter (where {_HAS_TAX_ON_TOP}), count(*) filter (where {_MATCHES})"
        f" from {facts} where {_COMPARED} and tax > {_TOLERANCE} and has_tax_in_prices"
    )[0]
    if not on_top:
        return
    share, held = on_top / taxed, money(shop, facts, "tax", f"{_COMPARED} and {_HAS_TAX_ON_TOP}")
    message = (
        f"the lines of {on_top:,} of {taxed:,} orders with prices_include_tax add up to the total only with the tax"
        f" ({held}): the prices seem to be without it, and it is taken off revenue"
        f"; with the line below {on_top:,} totals match, without it {inside:,}"
    )
    line = "{value: false}" if on_top > inside else "{expression: <expression that is false for these orders>}"
    fix = shop.table_fix("orders", f"prices_include_tax: {line}")
    yield Finding(severity_of(share), "tax", "orders.prices_include_tax", message, on_top, share, (), fix)


def _mismatches(shop: Shop) -> Iterator[Finding]:
    """Totals that differ from the sum of the parts, with the reading of the columns that explains most of them."""
    facts, rest = order_facts(shop), f"{_COMPARED} and not ({_MATCHES}) and not {_IS_TAX_MISREAD}"
    compared, wrong, matching = shop.query(
        f"select count(*), count(*) filter (where {rest}), count(*) filter (where {_MATCHES})"
        f" from {facts} where {_COMPARED}"
    )[0]
    if not wrong:
        return
    tried = ", ".join(
        f"count(*) filter (where not ({_MATCHES}) and {one.where} and abs(total - ({one.total})) <= {_TOLERANCE}),"
        f" count(*) filter (where case when {one.where} then abs(total - ({one.total})) <= {_TOLERANCE}"
        f" else {_MATCHES} end)"
        for one in _READINGS
    )
    numbers = shop.query(f"select {tried} from {facts} where {_COMPARED} and not {_IS_TAX_MISREAD}")[0]
    explained = [(numbers[2 * place], numbers[2 * place + 1], one) for place, one in enumerate(_READINGS)]
    best = max(explained, key=lambda row: row[0])
    share, difference = wrong / compared, money(shop, facts, f"total - {_EXPECTED}", rest)
    message = (
        f"{wrong:,} of {compared:,} totals differ from goods less discounts, with shipping, tax, fees and tip"
        f" (in all by {difference})"
    )
    fix = None
    if wrong >= _FEWEST_ORDERS and best[0] >= _ENOUGH * wrong and best[1] > matching:
        message += f": {best[2].says}? With the line below {best[1]:,} match, without it {matching:,}"
        fix = _fix(shop, best[2])
    examples = tuple(
        f"{order}: total {total}, parts {parts}"
        for order, total, parts in shop.query(
            f"select order_id, total::decimal(18, 2), ({_EXPECTED})::decimal(18, 2) from {facts} where {rest}"
            f" order by abs(total - {_EXPECTED}) desc, order_id limit 3"
        )
    )
    severity = severity_of(share, many=WARNING, few=NOTE)
    yield Finding(severity, "total", "orders.total_amount", message, wrong, share, examples, fix)


def _fix(shop: Shop, reading: _Reading) -> Fix:
    """The line of a reading. A reading that changes a column takes the columns' own names."""
    if reading.line:
        return shop.table_fix(reading.table, reading.line)
    names = {
        column: shop.definition_of(table, column).column or column
        for table, column in (
            ("order_items", "quantity"), ("orders", "shipping_discount_amount"), ("orders", "shipping_amount"),
        )
    }  # fmt: skip
    if reading.table == "order_items":
        return shop.column_fix("order_items", "discount_amount", expression=f'{{}} * "{names["quantity"]}"')
    column, sign, other = (
        ("total_amount", "+", names["shipping_amount"])
        if "without shipping" in reading.says
        else ("discount_amount", "-", names["shipping_discount_amount"])
    )
    return shop.column_fix("orders", column, expression=f'{{}} {sign} "{other}"')
