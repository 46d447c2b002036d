"""Checks of refunds: amounts below zero, and amounts that do not say how much of them is shipping and tax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import money, newest, order_facts, value
from shopper.doctor.findings import NOTE, WARNING, Finding, severity_of
from shopper.doctor.shop import Shop

_PARTS: Final = ("goods_amount", "shipping_amount", "tax_amount")
_OTHERS: Final = "greatest(facts.shipping - facts.shipping_discount, 0) + facts.tax + facts.fees + facts.tip"


def check_refunds(shop: Shop) -> Iterator[Finding]:
    """Negative amounts, and refunds without parts of orders with shipping or tax."""
    if not shop.has("refunds", "amount"):
        return
    yield from _negative(shop)
    if shop.has("refunds", "order_id") and shop.has("orders", "order_id"):
        yield from _without_parts(shop)


def _relation(shop: Shop) -> str:
    """Refunds with their amounts, currencies and parts."""
    currency = "upper(currency)" if shop.has("refunds", "currency") else "null"
    known = " or ".join(f"{value(shop, 'refunds', part)} is not null" for part in _PARTS)
    order = "order_id" if shop.has("refunds", "order_id") else "null::varchar as order_id"
    return (
        f"(select {order}, {shop.typed('refunds', 'amount')} as amount, ({known}) as has_parts,"
        f" coalesce({currency}, '{shop.variables['reporting_currency']}') as currency from {newest(shop, 'refunds')})"
    )


def _negative(shop: Shop) -> Iterator[Finding]:
    refunds = _relation(shop)
    below, above, reversing = shop.query(
        f"""
        with refunds as (select * from {refunds})
        select
            count(*) filter (where amount < 0),
            count(*) filter (where amount > 0),
            count(*) filter (where amount < 0 and exists (
                select 1 from refunds as others
                where others.order_id = refunds.order_id and others.amount = -refunds.amount
            ))
        from refunds
        """
    )[0]
    if not below:
        return
    share = below / (below + above)
    message = f"{below:,} of {below + above:,} refunds are negative ({money(shop, refunds, 'amount', 'amount < 0')})"
    if reversing:
        message += f", {reversing:,} of them beside the same positive amount of their order: a refund taken back?"
    after = money(shop, refunds, "abs(amount)")
    message += f"; with the line below {after} are refunded, without it {money(shop, refunds, 'amount')}"
    fix = shop.column_fix("refunds", "amount", expression="abs(try_cast({} as decimal(18, 6)))")
    # A table of negative amounts only is an export of another sign. A few among positive ones may mean something else.
    severity = WARNING if above else NOTE
    yield Finding(severity, "sign", "refunds.amount", message, below, share, fix=fix)


def _without_parts(shop: Shop) -> Iterator[Finding]:
    """In the order's own proportion, a part of such a refund is shipping and tax."""
    refunds, facts = _relation(shop), order_facts(shop)
    joined = (
        f"(select refunds.currency, abs(refunds.amount) as amount,"
        f" {_OTHERS} as others,"
        f" coalesce(facts.gross - facts.line_discount - facts.discount, facts.total) as goods"
        f" from {refunds} as refunds inner join {facts} as facts using (order_id)"
        f" where not refunds.has_parts and refunds.amount <> 0"
        f" and {_OTHERS} > 0)"
    )
    rows = int(shop.query(f"select count(*) from {joined}")[0][0])
    if not rows:
        return
    share = rows / shop.rows["refunds"]
    others = money(shop, joined, "amount * others / nullif(greatest(goods, 0) + others, 0)")
    message = (
        f"{rows:,} refunds ({money(shop, joined, 'amount')}) do not say how much of them is not goods (shipping, tax,"
        f" fees); in the proportion of their orders {others} are"
    )
    missing = [part for part in _PARTS[1:] if not shop.has("refunds", part)]
    fix = shop.table_fix("refunds", *(f"{part}: {{column: <{part}>}}" for part in missing)) if missing else None
    yield Finding(
        severity_of(share, many=WARNING, few=NOTE), "refund parts", "refunds.amount", message, rows, share, fix=fix
    )
