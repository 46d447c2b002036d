"""Collects the rows that a value is made of: those that enter, the largest shown, and those that are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shopper.explain.explanation import LeftOut, Parts, Quarantined, Raw
from shopper.explain.rules import ColumnRule, PartsRule
from shopper.explain.warehouse import Warehouse, filled, listed, relations_of
from shopper.sql import literal, quoted

_PRIVATE: Final = (
    "email", "phone", "name", "address", "birth", "ip_address", "postal", "postcode", "text", "comment", "message",
    "user_agent", "url", "source_row", "referrer", "subject", "body", "search_term", "latitude", "longitude",
)  # fmt: skip
"""Words in the names of raw columns that may hold personal data, or free text; such columns are not shown."""


def collected(
    warehouse: Warehouse,
    parts: PartsRule,
    rule: ColumnRule | None,
    values: Mapping[str, Any],
    aggregate: str,
    each: str,
    shown: int,
) -> tuple[Parts, Any]:
    """The parts of a value, and the value over them. Without a rule every row enters, as evidence beside a value.

    aggregate: SQL of the value over the rows that enter. each: SQL of what one row contributes. shown: rows to show.
    """
    source = filled(f"(select * from {parts.source} where {parts.filter})", values)
    if parts.is_costly:
        source = warehouse.kept(source)
    where = filled(rule.where, values) if rule and rule.where else "true"
    is_distinct = rule is not None and rule.kind == "distinct"
    count, total = _totals(warehouse, source, where, aggregate, str(rule.content) if rule and is_distinct else None)
    is_additive = rule is not None and rule.kind in ("sum", "count", "distinct")
    rows = _largest(warehouse, source, where, parts, each, rule, shown)
    rest = total - sum(row["part"] or 0 for row in rows) if is_additive and total is not None else None
    is_amount = rule is not None and rule.kind == "sum"
    found = Parts(
        parts.title,
        relations_of(parts.source),
        tuple(rows),
        count,
        total if is_additive else None,
        count - len(rows),
        rest,
        _left_out(warehouse, source, where, _whys(parts, rule, values), each if is_amount else None),
        _quarantined(warehouse, parts, values),
        _raw(warehouse, parts, rows),
    )
    return found, total


def _totals(warehouse: Warehouse, source: str, where: str, aggregate: str, distinct: str | None) -> tuple[int, Any]:
    count = f"count(distinct {distinct})" if distinct else "count(*)"
    row = warehouse.rows(f"select {count} as counted, {aggregate} as total from {source} where {where}")[0]
    return int(row["counted"]), row["total"]


def _largest(
    warehouse: Warehouse, source: str, where: str, parts: PartsRule, each: str, rule: ColumnRule | None, shown: int
) -> list[dict[str, Any]]:
    """The rows that contribute most; equal ones in the order of their key. A sum skips rows without an amount."""
    if rule is not None and rule.kind == "distinct":
        return warehouse.rows(
            f"select {rule.content}, count(*) as rows_of_it, 1 as part from {source} where {where}"
            f" group by 1 having {rule.content} is not null order by rows_of_it desc, 1 limit {shown}"
        )
    is_additive = rule is not None and rule.kind in ("sum", "count")
    part = f"{each} as part" if is_additive else "null as part"
    columns = [parts.key, *(name for name in parts.show if name != parts.key)]
    order = f"abs({each}) desc nulls last, " if rule is not None and rule.kind == "sum" else ""
    return warehouse.rows(
        f"select {listed(columns)}, {part} from {source} where {where} order by {order}{quoted(parts.key)}"
        f" limit {shown}"
    )


def _whys(parts: PartsRule, rule: ColumnRule | None, values: Mapping[str, Any]) -> str:
    """SQL of the reason why a row does not count."""
    whys = [filled(text, values) for text in (parts.why, rule.why if rule else None) if text]
    return f"coalesce({', '.join([*whys, literal('the condition does not hold')])})"


def _left_out(warehouse: Warehouse, source: str, where: str, why: str, each: str | None) -> tuple[LeftOut, ...]:
    if where == "true":
        return ()
    found = warehouse.rows(
        f"select {why} as reason, count(*) as counted, {f'sum({each})' if each else 'null'} as amount from {source}"
        f" where not coalesce({where}, false) group by 1 order by 2 desc, 1"
    )
    return tuple(LeftOut(row["reason"], row["counted"], row["amount"]) for row in found)


def _quarantined(warehouse: Warehouse, parts: PartsRule, values: Mapping[str, Any]) -> tuple[Quarantined, ...]:
    """Rejected rows of the landed tables behind the parts. Times are UTC, so a day is added at each end."""
    if not parts.landed or not warehouse.has("audit.quarantined_rows"):
        return ()
    tables = ", ".join(f"'{table}'" for table in parts.landed)
    possible = "true"
    if parts.period:
        start, end = (filled(text, values) for text in parts.period)
        possible = f"event_at is null or event_at between {start} - interval 1 day and {end} + interval 2 day"
    found = warehouse.rows(
        f"select table_name, rejection_reason as reason, count(*) as counted, count(*) filter (where {possible})"
        f" as possible from audit.quarantined_rows where table_name in ({tables}) group by all order by 4 desc, 1, 2"
    )
    return tuple(Quarantined(row["table_name"], row["reason"], row["counted"], row["possible"]) for row in found)


def _raw(warehouse: Warehouse, parts: PartsRule, rows: Sequence[Mapping[str, Any]]) -> tuple[Raw, ...]:
    """The landed rows of the largest part, as they came."""
    found = []
    for table, key in parts.raw.items():
        source = f"staging.source_{table}"
        ids = [row[key] for row in rows[:1] if row.get(key) is not None]
        if ids and warehouse.has(source):
            columns = [name for name in warehouse.columns(source) if not any(word in name for word in _PRIVATE)]
            sql = f"select {listed(columns)} from {source} where {quoted(key)} = $id limit 3"
            found += [Raw(table, _without_nulls(row)) for row in warehouse.rows(filled(sql, {"id": ids[0]}))]
    return tuple(found)


def _without_nulls(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
