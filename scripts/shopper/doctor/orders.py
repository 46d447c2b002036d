"""Checks of what makes an order count: its payment, its status, and refunds that its status promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shopper.doctor.facts import money, order_facts
from shopper.doctor.findings import WARNING, Finding, Fix, severity_of
from shopper.doctor.shop import Shop

_ON_TERMS: Final = "'shipped', 'completed', 'refunded'"
_IS_CALLED_OFF: Final = (
    "(coalesce(status in ('cancelled', 'failed'), false)"
    " or (cancelled_at is not null and coalesce(greatest(paid_at, completed_at) <= cancelled_at, true)))"
)


def is_paid(shop: Shop) -> str:
    """SQL over the order facts: the order is paid, by its own time of payment, payment, status, terms or total of 0."""
    has_evidence = any(
        shop.has("orders", column) and shop.query(f"select count({column}) from shop.orders")[0][0]
        for column in ("status", "paid_at")
    ) or bool(shop.rows.get("payments"))
    if not has_evidence:
        return "true"
    pays_later = "payment_terms in ('on_delivery', 'invoice')"
    by_status = f"coalesce(status in ({_ON_TERMS}) or (status = 'paid' and not {pays_later}), false)"
    is_whole = "coalesce(paid_amount + 0.01 >= total, true)"
    return (
        "(coalesce(total = 0, false) or paid_at is not null"
        f" or (succeeded > 0 and ({is_whole} or {by_status}))"
        f" or (succeeded = 0 and (payments = 0 or {pays_later}) and {by_status}))"
    )


def check_paid(shop: Shop) -> Iterator[Finding]:
    """Orders that count in no revenue because nothing says that they are paid."""
    if not shop.has("orders", "order_id"):
        return
    facts = order_facts(shop)
    unpaid = f"not is_test and not {_IS_CALLED_OFF} and not {_is_unknown()} and not {is_paid(shop)}"
    groups = shop.query(
        f"""
        select
            case
                when succeeded > 0 then 'with a deposit only'
                when payments > 0 then 'with payments that did not succeed'
                when status is null then 'without status, payment and paid_at'
                else 'with status ' || status_name || ' and no payment'
            end as kind,
            count(*), bool_or(payments = 0 and status is null), bool_or(payments = 0 and status is not null)
        from {facts} where {unpaid} group by kind order by count(*) desc, kind
        """
    )
    orders = sum(int(row[1]) for row in groups)
    if not orders:
        return
    share = orders / int(shop.query(f"select count(*) from {facts}")[0][0])
    message = f"{orders:,} orders ({money(shop, facts, 'worth', unpaid)}) count as unpaid and are in no revenue"
    lines = []
    if any(row[2] for row in groups):
        lines.append("status: {value: <paid, if every order of the file is>}")
    if any(row[2] or row[3] for row in groups):
        lines.append("paid_at: {column: <time of payment>}")
    if any("deposit" in row[0] for row in groups):
        lines.append("payment_terms: {value: <on_delivery or invoice>}")
    examples = tuple(f"{kind} ({int(number):,})" for kind, number, *_ in groups[:5])
    fix = shop.table_fix("orders", *lines) if lines else None
    # Unpaid orders are usual; a shop without a single paid one is not.
    severity = severity_of(share) if share >= _MOST else severity_of(share, many=WARNING, few="note")
    yield Finding(severity, "unpaid", "orders", message, orders, share, examples, fix)


_MOST = 0.5


def _is_unknown() -> str:
    return "(status_name is not null and status is null)"


def unknown_status_money(shop: Shop) -> str:
    """The money of orders whose status no row of the seed knows, as the middle of a message."""
    if not shop.has("orders", "order_id"):
        return ""
    return money(shop, order_facts(shop), "worth", f"not is_test and {_is_unknown()}")


def check_refunded(shop: Shop) -> Iterator[Finding]:
    """Orders that their status or a payment calls refunded, without any refund row."""
    if not shop.has("orders", "order_id"):
        return
    facts = order_facts(shop)
    implied = (
        f"not is_test and not {_IS_CALLED_OFF} and not {_is_unknown()} and {is_paid(shop)} and refunds = 0"
        " and (coalesce(status = 'refunded', false) or is_paid_back)"
    )
    orders, by_payment = shop.query(
        f"select count(*), count(*) filter (where coalesce(status <> 'refunded', true)) from {facts} where {implied}"
    )[0]
    if not orders:
        return
    share = orders / int(shop.query(f"select count(*) from {facts}")[0][0])
    message = (
        f"{orders:,} orders ({money(shop, facts, 'worth', implied)}) are refunded by their status"
        f"{f' or a payment ({by_payment:,})' if by_payment else ''} and have no refund rows;"
        " each counts as refunded in full"
    )
    names = shop.query(
        f"select coalesce(status_name, 'no status'), count(*) from {facts} where {implied}"
        " group by all order by 2 desc, 1 limit 5"
    )
    fix = Fix(
        f"{shop.mapping.path.name if shop.mapping else 'your mapping'}, tables",
        (
            "refunds: {source: <refunds>, columns: {refund_id: <id>, order_id: <order>, amount: <amount>,"
            " refunded_at: <time>}}",
        ),
    )
    examples = tuple(f"{name} ({int(number):,})" for name, number in names)
    severity = severity_of(share, many=WARNING, few="note")
    yield Finding(severity, "refund implied", "orders.status", message, orders, share, examples, fix)
