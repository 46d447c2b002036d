"""What was found, beside what the shop's own back office would say, as lines for a person to tick off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.published import mart_columns, opened

_MONTHS: Final = 12
_REASONS: Final = 12
# From what was charged for orders that count down to net revenue: columns of the mart `orders`, and their sign.
_PARTS: Final = (
    ("tax", "tax_amount", ""),
    ("shipping, without tax", "shipping_amount", "shipping_discount_amount"),
    ("fees, tips, gift cards", "other_charges_amount", ""),
)
_WIDTH: Final = 46


def summary(file: Path, currency: str, facts: Mapping[str, Any]) -> list[str]:
    """The lines, headings without indentation. file: the published DuckDB file. facts: the content of report.json.

    Raises duckdb.Error if the file can't be read.
    """
    with opened(file) as connection:
        shop = _Published(connection)
        sections = [_found(shop, currency), _months(shop, currency), _ladder(shop, currency), _left_out(facts)]
    return [line for lines in sections if lines for line in (*lines, "")][:-1]


class _Published:
    """The marts of a published file; a column that is not there is null, a mart that is not there has no rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def has(self, mart: str, *columns: str) -> bool:
        found = mart_columns(self._connection, mart)
        return bool(found) and set(columns) <= found

    def one(self, query: str) -> tuple[Any, ...]:
        row = self._connection.execute(query).fetchone()
        return tuple(row or ())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


def _found(shop: _Published, currency: str) -> list[str]:
    if shop.has("orders", "order_date", "net_revenue", "is_valid"):
        first, last, count, revenue = shop.one(
            "select min(order_date), max(order_date), count(*), sum(net_revenue) from marts.orders where is_valid"
        )
        if count:
            lines = [f"Found: orders from {first} to {last}", *_row("orders", count)]
            lines += _row(f"net revenue, {currency}", revenue)
            if shop.has("customers", "customer_id"):
                (customers,) = shop.one("select count(*) from marts.customers where customer_id <> 'unknown'")
                lines += _row("customers", customers)
            return [*lines, *_visits(shop)]
    visits = _visits(shop)
    return ["Found", *visits] if visits else []


def _visits(shop: _Published) -> list[str]:
    if not shop.has("kpi_daily", "sessions"):
        return []
    (visits,) = shop.one("select sum(sessions) from marts.kpi_daily")
    return [] if visits is None else _row("visits", visits)


def _months(shop: _Published, currency: str) -> list[str]:
    if not shop.has("orders", "order_date", "net_revenue", "is_valid"):
        return []
    rows = shop.rows(
        "select strftime(order_date, '%Y-%m') as month, count(*), sum(net_revenue) from marts.orders where is_valid"
        f" group by month order by month desc limit {_MONTHS}"
    )
    lines = [f"  {month}  {count:>10,} orders {_amount(revenue):>18}" for month, count, revenue in reversed(rows)]
    return [f"Net revenue by month, {currency}", *lines] if lines else []


def _ladder(shop: _Published, currency: str) -> list[str]:
    """From all orders and all that was charged, as a back office shows them, to what is counted."""
    if not shop.has("orders", "invalid_reason", "is_valid", "net_revenue", "total_amount"):
        return []
    reasons = shop.rows(
        "select invalid_reason, count(*), sum(total_amount), count(total_amount) from marts.orders"
        " where not is_valid group by all order by 2 desc, 1"
    )
    valid, charged, with_total, revenue = shop.one(
        "select count(*), sum(total_amount), count(total_amount), sum(net_revenue) from marts.orders where is_valid"
    )
    if not valid and not reasons:
        return []
    lines = [f"To tick off against your shop's own back office, {currency}"]
    lines += _row("orders, cancelled ones too", valid + sum(row[1] for row in reasons))
    lines += [line for reason, count, _sum, _known in reasons for line in _row(f"- {_plain(reason)}", count)]
    lines += _row("= orders", valid)
    if not with_total:
        lines.append("  what was charged: no totals in the files")
        lines += _row("net revenue", revenue)
    else:
        lines.append("")
        lines += _charges(shop, charged, valid - with_total, reasons)
        lines += _row("= net revenue (goods, without tax)", revenue)
    return [*lines, *_discounts(shop), *_refunds(shop)]


def _charges(
    shop: _Published, charged: Decimal, without_total: int, reasons: Sequence[tuple[Any, ...]]
) -> Iterator[str]:
    """What was charged, less what is not net revenue. What remains unexplained has a line of its own."""
    yield from _row("charged, cancelled ones too", charged + sum(row[2] or 0 for row in reasons))
    for reason, _count, total, _known in reasons:
        if total:
            yield from _row(f"- {_plain(reason)}", total)
    yield from _row("= charged for orders that count", charged)
    parts = {name: _sum(shop, _term(shop, column, less)) for name, column, less in _PARTS}
    terms = " - ".join(["total_amount", *(f"({_term(shop, column, less)})" for _name, column, less in _PARTS)])
    rest = f"{terms} - net_revenue"
    mismatch = "has_total_mismatch" if shop.has("orders", "has_total_mismatch") else "true"
    wrong = _sum(shop, f"case when {mismatch} then {rest} else 0 end")
    # What is left of the others is the tax in the shipping, which the tax has too, and cents of rounding.
    left = _sum(shop, f"case when {mismatch} then 0 else {rest} end")
    if parts["shipping, without tax"]:
        parts["shipping, without tax"] += left
        left = Decimal(0)
    for name, amount in {**parts, "rounding": left, "totals that are not the sum of their lines": wrong}.items():
        if amount:
            yield from _row(f"- {name}", amount)
    if without_total:
        (added,) = shop.one("select sum(net_revenue) from marts.orders where is_valid and total_amount is null")
        yield from _row(f"+ {without_total:,} orders without a total", added)


def _term(shop: _Published, column: str, less: str) -> str:
    """SQL for a part of what an order was charged; 0 where it is not known."""
    known = [name for name in (column, less) if name and shop.has("orders", name)]
    return " - ".join(f"coalesce({name}, 0)" for name in known) if known[:1] == [column] else "0"


def _sum(shop: _Published, term: str) -> Decimal:
    """The sum over the orders that count and have a total."""
    (amount,) = shop.one(f"select sum({term}) from marts.orders where is_valid and total_amount is not null")
    return Decimal(amount or 0)


def _discounts(shop: _Published) -> list[str]:
    names = ("item_discount_amount", "order_discount_amount")
    if not shop.has("orders", *names):
        return []
    (given,) = shop.one(f"select sum(coalesce({names[0]}, 0) + {names[1]}) from marts.orders where is_valid")
    return _row("discounts, already taken off", given) if given else []


def _refunds(shop: _Published) -> list[str]:
    if not shop.has("refunds", "is_counted", "goods_amount", "other_amount"):
        return []
    goods, other = shop.one("select sum(goods_amount), sum(other_amount) from marts.refunds where is_counted")
    if goods is None and other is None:
        return []
    after = shop.one("select sum(net_revenue_after_refunds) from marts.orders where is_valid")[0]
    return [
        "",
        *_row("refunds", (goods or 0) + (other or 0)),
        *_row("of goods, without tax", goods),
        *_row("net revenue after refunds", after),
    ]


def _left_out(facts: Mapping[str, Any]) -> list[str]:
    """Rows that were read and are in no mart, by table and reason."""
    rows = list(facts.get("quarantine") or ())
    duplicates = [(row["table_name"], row["duplicates"]) for row in facts.get("ledger") or () if row["duplicates"]]
    lines = [f"  {row['row_count']:>10,}  {row['table_name']}: {_plain(row['rejection_reason'])}" for row in rows]
    lines += [f"  {count:>10,}  {table}: repeated, the newest is kept" for table, count in duplicates]
    more = [f"  and {len(lines) - _REASONS} more reasons, on the report"] if len(lines) > _REASONS else []
    return ["Rows left out", *lines[:_REASONS], *more] if lines else ["Rows left out: none"]


def _row(name: str, value: Any) -> list[str]:
    return [f"  {name:<{_WIDTH}}{_amount(value):>18}"]


def _plain(code: Any) -> str:
    return str(code).replace("_", " ")


def _amount(value: Any) -> str:
    """A count without decimals, money with two; `not known` for null."""
    if value is None:
        return "not known"
    return f"{value:,.2f}" if isinstance(value, Decimal) and value.as_tuple().exponent != 0 else f"{value:,}"
