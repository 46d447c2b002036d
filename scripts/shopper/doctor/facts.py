"""Orders with everything that decides about them, one row each, for the checks of orders, totals and refunds."""

from __future__ import annotations

from typing import Any, Final

from shopper.doctor.shop import Shop
from shopper.load.quality import mapped_values
from shopper.sql import literal

_AMOUNTS: Final = ("discount", "shipping", "shipping_discount", "tax", "fees", "tip")
_MOMENTS: Final = ("ordered_at", "paid_at", "completed_at", "cancelled_at")
_SHOWN_CURRENCIES = 3


def value(shop: Shop, table: str, column: str, missing: str = "null") -> str:
    """SQL for the typed value of a column; `missing` if the shop does not land the column."""
    is_known = column in shop.contract.by_name[table].by_name
    return shop.typed(table, column) if is_known and shop.has(table, column) else missing


def mapped(shop: Shop, table: str, column: str) -> str:
    """SQL for the contract's value of a column with a reference seed; null if no row of the seed knows the text."""
    enumeration = shop.contract.by_name[table].by_name[column].enumeration or ""
    if not shop.has(table, column):
        return "null"
    cases = " ".join(
        f"when {literal(raw.lower())} then {literal(known)}"
        for raw, known in mapped_values(shop.root, enumeration).items()
        if known
    )
    return f"case lower({column}) {cases} end" if cases else "null"


def kept(shop: Shop, table: str) -> str:
    """SQL for the rows of a table without those deleted at the source."""
    return f"(select * from shop.{table} where not {_is_deleted(shop, table)})"


def newest(shop: Shop, table: str) -> str:
    """SQL for the newest version of each key of a table; none of a key whose newest version is deleted."""
    keys, deleted = shop.contract.by_name[table].keys, _is_deleted(shop, table)
    if not shop.has(table, *keys):
        return kept(shop, table)
    # Never null: DuckDB loses the rows of a row_number() = 1 whose first sort key is a constant null.
    version = f"coalesce(({value(shop, table, 'updated_at')})::timestamp, timestamp '1970-01-01')"
    return (
        f"(select * from (select * from shop.{table} where {keys[0]} is not null qualify row_number() over"
        f" (partition by {', '.join(keys)} order by {version} desc, {deleted} desc) = 1) where not {deleted})"
    )


def _is_deleted(shop: Shop, table: str) -> str:
    return f"coalesce({value(shop, table, 'is_deleted', 'false')}, false)"


def order_facts(shop: Shop) -> str:
    """The name of a table with one row per order, made at the first call.

    Amounts are null where the shop does not land them; `worth` is the total, else the lines less the discounts.
    """
    name = "shop.order_facts"
    if shop.query("select 1 from duckdb_tables() where schema_name = 'shop' and table_name = 'order_facts'"):
        return name
    reporting = literal(str(shop.variables["reporting_currency"]))
    currency = "upper(currency)" if shop.has("orders", "currency") else "null"
    amounts = ", ".join(f"coalesce({value(shop, 'orders', f'{one}_amount', '0')}, 0) as {one}" for one in _AMOUNTS)
    moments = ", ".join(f"{value(shop, 'orders', one)}::timestamp as {one}" for one in _MOMENTS)
    texts = ", ".join(
        f"{one if shop.has('orders', one) else 'null'}::varchar as {one}" for one in ("session_id", "sales_channel")
    )
    shop.query(
        f"""
        create table {name} as
        with orders as (
            select
                order_id, {texts},
                {"status" if shop.has("orders", "status") else "null"}::varchar as status_name,
                {mapped(shop, "orders", "status")}::varchar as status,
                coalesce({mapped(shop, "orders", "payment_terms")}, 'prepaid') as payment_terms,
                coalesce({currency}, {reporting}) as currency,
                {value(shop, "orders", "total_amount")}::decimal(18, 4) as total, {amounts}, {moments},
                coalesce({value(shop, "orders", "is_test", "false")}, false) as is_test,
                coalesce({value(shop, "orders", "prices_include_tax", "false")}, false) as has_tax_in_prices
            from {newest(shop, "orders")}
        )
        select
            orders.*,
            coalesce(lines.lines, 0) as lines,
            lines.gross, lines.line_discount, lines.unit_discount,
            coalesce(payments.payments, 0) as payments,
            coalesce(payments.succeeded, 0) as succeeded,
            payments.paid_amount,
            coalesce(payments.is_paid_back, false) as is_paid_back,
            coalesce(refunds.refunds, 0) as refunds,
            coalesce(orders.total, lines.gross - lines.line_discount - orders.discount, 0) as worth
        from orders
        left join {_lines(shop)} as lines using (order_id)
        left join {_payments(shop)} as payments using (order_id)
        left join {_refunds(shop)} as refunds using (order_id)
        """
    )
    return name


def _lines(shop: Shop) -> str:
    if not shop.has("order_items", "order_id", "unit_price"):
        return (
            "(select null::varchar as order_id, 0 as lines, null::decimal(18, 4) as gross,"
            " null::decimal(18, 4) as line_discount, null::decimal(18, 4) as unit_discount where false)"
        )
    quantity, price = value(shop, "order_items", "quantity", "1"), value(shop, "order_items", "unit_price")
    discount = f"coalesce({value(shop, 'order_items', 'discount_amount', '0')}, 0)"
    return (
        f"(select order_id, count(*) as lines, sum({quantity} * {price})::decimal(18, 4) as gross,"
        f" sum({discount})::decimal(18, 4) as line_discount,"
        f" sum({discount} * {quantity})::decimal(18, 4) as unit_discount"
        f" from {newest(shop, 'order_items')} group by order_id)"
    )


def _payments(shop: Shop) -> str:
    if not shop.has("payments", "order_id", "attempted_at"):
        return (
            "(select null::varchar as order_id, 0 as payments, 0 as succeeded, false as is_paid_back,"
            " null::decimal(18, 4) as paid_amount where false)"
        )
    status, amount = mapped(shop, "payments", "status"), value(shop, "payments", "amount")
    # A refunded payment succeeded first. An amount that is missing makes the sum unknown. An order is paid back if its
    # last payment went back and no larger one stands.
    return (
        f"(select order_id, count(*) as payments, count(*) filter (where is_paid) as succeeded,"
        f" coalesce(max(attempted_at) filter (where status = 'refunded')"
        f" >= max(attempted_at) filter (where is_paid), false)"
        f" and coalesce(sum(case when status = 'refunded' then amount else -amount end)"
        f" filter (where is_paid) >= 0, true)"
        f" as is_paid_back,"
        f" case when bool_and(amount is not null) filter (where is_paid) then sum(amount) filter (where is_paid) end"
        f"::decimal(18, 4) as paid_amount"
        f" from (select order_id, ({status})::varchar as status,"
        f" coalesce(({status}) in ('succeeded', 'refunded'), false) as is_paid,"
        f" ({amount})::decimal(18, 4) as amount, {value(shop, 'payments', 'attempted_at')} as attempted_at"
        f" from {newest(shop, 'payments')}) group by order_id)"
    )


def _refunds(shop: Shop) -> str:
    """Refunds by order; a refund that names a line only belongs to the line's order."""
    parts = []
    if shop.has("refunds", "order_id"):
        parts.append(f"select order_id from {newest(shop, 'refunds')} where order_id is not null")
    if shop.has("refunds", "order_item_id") and shop.has("order_items", "order_item_id", "order_id"):
        parts.append(
            f"select lines.order_id from {newest(shop, 'refunds')} as refunds"
            f" inner join {newest(shop, 'order_items')} as lines on lines.order_item_id = refunds.order_item_id"
        )
    rows = " union all ".join(parts) or "select null::varchar as order_id where false"
    return f"(select order_id, count(*) as refunds from ({rows}) group by order_id)"


def money(shop: Shop, relation: str, amount: str, where: str = "true") -> str:
    """The sum of an amount by the relation's `currency`, largest first: `1,234.00 EUR, 20.00 USD`."""
    found: list[tuple[Any, ...]] = shop.query(
        f"with summed as (select currency, sum({amount})::decimal(38, 2) as money from {relation} where {where}"
        " group by currency)"
        " select currency, money from summed where money is not null order by abs(money) desc, currency"
    )
    shown = [f"{money:,} {currency}" for currency, money in found[:_SHOWN_CURRENCIES]]
    more = len(found) - len(shown)
    text = ", ".join(shown) or f"0.00 {shop.variables['reporting_currency']}"
    return f"{text} and {more} more currencies" if more else text
