"""Checks of amounts: currencies without a rate, wrong signs, amounts in cents, line totals instead of unit prices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import newest, value
from shopper.doctor.findings import ERROR, NOTE, Finding, Fix, severity_of
from shopper.doctor.shop import Shop
from shopper.sql import literal

_FEWEST_ORDERS = 20
_SIGNS: Final = (
    ("orders", "discount_amount"),
    ("order_items", "discount_amount"),
    ("orders", "shipping_amount"),
    ("orders", "tax_amount"),
    ("marketing_spend", "spend"),
)


def check_currencies(shop: Shop) -> Iterator[Finding]:
    """Currencies of each table that have no exchange rate."""
    reporting = str(shop.variables["reporting_currency"])
    known = set()
    if shop.has("exchange_rates", "currency"):
        known = {row[0] for row in shop.query("select distinct upper(currency) from shop.exchange_rates")}
    for table in shop.tables:
        if table.name == "exchange_rates" or not shop.has(table.name, "currency"):
            continue
        for currency, rows in shop.query(
            f"select upper(currency), count(*) from shop.{table.name} where upper(currency) <> {literal(reporting)}"
            " group by all order by 2 desc, 1"
        ):
            if currency in known:
                continue
            share = rows / shop.rows[table.name]
            message = f"{rows:,} rows are in {currency}, and exchange_rates has no rate for it; they go to quarantine"
            is_code = len(currency) == 3 and currency.isascii() and currency.isalpha()
            if not is_code:
                fix = shop.table_fix(table.name, "currency: {value: <three-letter code>}")
            elif share >= 0.9:
                fix = Fix("--vars, or vars of dbt_project.yml", (f"reporting_currency: {currency}",))
            else:
                fix = Fix("a file for exchange_rates (rate_date,currency,rate)", (f"<first day>,{currency},<rate>",))
            yield Finding(
                severity_of(share), "currency", f"{table.name}.currency", message, rows, share, (currency,), fix
            )


def check_signs(shop: Shop) -> Iterator[Finding]:
    """Amounts below zero: a whole column with the other sign, or some rows, which go to quarantine."""
    for table, column in _SIGNS:
        if shop.has(table, column):
            below, above, sum_below, before, after = shop.query(
                f"select count(*) filter (where value < 0), count(*) filter (where value > 0),"
                f" sum(value) filter (where value < 0), sum(value), sum(abs(value)) from"
                f" (select cast({shop.typed(table, column)} as decimal(38, 2)) as value from shop.{table})"
            )[0]
            if not below:
                continue
            share = below / (below + above)
            message = f"{below:,} of {below + above:,} are negative ({sum_below:,})"
            if below > above:
                message += f"; expected positive amounts. With the line below the sum goes from {before:,} to {after:,}"
                fix = shop.column_fix(table, column, expression="-try_cast({} as decimal(18, 6))")
                yield Finding(ERROR, "sign", f"{table}.{column}", message, below, share, fix=fix)
            else:
                message += "; such rows go to quarantine"
                yield Finding(severity_of(share), "sign", f"{table}.{column}", message, below, share)
    if shop.has("order_items", "order_id", "unit_price"):
        yield from _negative_lines(shop)


def _negative_lines(shop: Shop) -> Iterator[Finding]:
    """Lines below zero. Beside others each is a discount of its order; an order of such lines alone is a return."""
    quantity, price = value(shop, "order_items", "quantity", "1"), value(shop, "order_items", "unit_price")
    reporting = shop.variables["reporting_currency"]
    lines = f"(select order_id, {quantity} as units, {quantity} * {price} as amount from {newest(shop, 'order_items')})"
    below, above, alone, returns, discount, returned = shop.query(
        f"""
        with lines as (
            select units, amount, max(amount) over (partition by order_id) > 0 as has_goods from {lines}
        )
        select
            count(*) filter (where amount < 0),
            count(*) filter (where amount > 0),
            count(*) filter (where amount < 0 and not has_goods),
            count(*) filter (where amount < 0 and not has_goods and units < 0),
            cast(coalesce(-sum(amount) filter (where amount < 0 and has_goods), 0) as decimal(38, 2)),
            cast(coalesce(-sum(amount) filter (where amount < 0 and not has_goods), 0) as decimal(38, 2))
        from lines
        """
    )[0]
    if not below:
        return
    share = below / (below + above)
    message = f"{below:,} lines are negative"
    if below > alone:
        message += f"; {below - alone:,} count as discounts of their orders ({discount:,} {reporting})"
    if alone:
        message += f"; {alone:,} stand in orders without any other line ({returned:,} {reporting}): returns?"
    fix = None
    if returns:
        message += f" With the line below the {returns:,} of negative quantity are left out: land them as refunds"
        column = shop.definition_of("order_items", "quantity").column or "quantity"
        name = shop.mapping.path.name if shop.mapping else "your mapping"
        fix = Fix(f"{name}, tables.order_items", (f'where: "{column}" > 0',))
    severity = severity_of(alone / (below + above)) if alone else NOTE
    yield Finding(severity, "sign", "order_items.quantity", message, below, share, fix=fix)


def check_units(shop: Shop) -> Iterator[Finding]:
    """Compare the lines of an order with its total: amounts in cents, line totals instead of unit prices."""
    if not (shop.has("orders", "order_id", "total_amount") and shop.has("order_items", "order_id", "unit_price")):
        return
    total, price = shop.typed("orders", "total_amount"), shop.typed("order_items", "unit_price")
    quantity = shop.typed("order_items", "quantity") if shop.has("order_items", "quantity") else "1"
    extras = " + ".join(
        f"coalesce({shop.typed('orders', name)}, 0)"
        for name in ("shipping_amount", "tax_amount")
        if shop.has("orders", name)
    )
    orders, hundreds, hundredths, by_lines, by_prices, several = shop.query(
        f"""
        with charged as (
            select order_id, cast({total} as double) - cast({extras or "0"} as double) as total
            from shop.orders
        ),
        lines as (
            select
                order_id,
                sum(cast({quantity} as double) * cast({price} as double)) as lines_total,
                sum(cast({price} as double)) as unit_prices,
                max({quantity}) > 1 as has_several
            from shop.order_items group by order_id
        )
        select
            count(*),
            count(*) filter (where lines_total between 60 * total and 170 * total),
            count(*) filter (where total between 60 * lines_total and 170 * lines_total),
            count(*) filter (where has_several and abs(lines_total - total) <= 0.01 * total),
            count(*) filter (where has_several and abs(unit_prices - total) <= 0.01 * total),
            count(*) filter (where has_several)
        from charged inner join lines using (order_id)
        where total > 0 and lines_total > 0
        """
    )[0]
    if orders < _FEWEST_ORDERS:
        return
    if hundreds >= 0.5 * orders:
        message = f"the lines of {hundreds:,} orders add up to a hundred times the order's total: prices in cents?"
        fix = shop.column_fix("order_items", "unit_price", expression="cast({} as decimal(18, 4)) / 100")
        yield Finding(ERROR, "unit", "order_items.unit_price", message, hundreds, hundreds / orders, fix=fix)
    elif hundredths >= 0.5 * orders:
        message = f"{hundredths:,} orders have a hundred times the total of their lines: totals in cents?"
        fix = shop.column_fix("orders", "total_amount", expression="cast({} as decimal(18, 4)) / 100")
        yield Finding(ERROR, "unit", "orders.total_amount", message, hundredths, hundredths / orders, fix=fix)
    elif several >= _FEWEST_ORDERS and by_prices >= 0.6 * several and by_lines < 0.3 * several:
        message = (
            f"of {several:,} orders with quantities above 1, {by_prices:,} total the sum of unit prices: line totals?"
        )
        pieces = shop.definition_of("order_items", "quantity")
        fix = shop.column_fix("order_items", "unit_price", expression=f'{{}} / "{pieces.column or "quantity"}"')
        yield Finding(ERROR, "unit", "order_items.unit_price", message, by_prices, by_prices / several, fix=fix)
