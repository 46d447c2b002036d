"""Checks of values that staging can't cast or map, with settings that make them readable."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

import duckdb

from shopper.contract import Column, Table
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.inputs import effects
from shopper.doctor.shop import Shop
from shopper.load.columns import plain_number
from shopper.load.quality import MOMENTS, Uncast, check_casts, mapped_values, seed_of
from shopper.sql import literal

_SHOWN: Final = 12
_NUMBERS = frozenset({"money", "rate", "number", "share", "quantity", "integer"})
_FORMATS: Final = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d/%m/%y %H:%M", "%d/%m/%y", "%m/%d/%y %H:%M", "%m/%d/%y", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y",
    "%b %d, %Y %I:%M %p", "%b %d, %Y", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S",
)  # fmt: skip


def check_values(shop: Shop) -> Iterator[Finding]:
    """Columns with values that do not cast, with the most frequent ones as examples."""
    for table in shop.tables:
        columns = tuple(column.name for column in shop.present(table))
        for bad in check_casts(shop.connection, shop.rules, shop.root, table, columns, f"shop.{table.name}").uncast:
            yield _finding(shop, table, table.by_name[bad.column], bad)
        for column in shop.present(table):
            if column.enumeration:
                yield from _excluded_values(shop, table, column, column.enumeration)


def _excluded_values(shop: Shop, table: Table, column: Column, enumeration: str) -> Iterator[Finding]:
    """Values that the reference seed drops on purpose, because it maps them to nothing."""
    ignored = [raw for raw, value in mapped_values(shop.root, enumeration).items() if not value]
    if not ignored:
        return
    listed = ", ".join(literal(raw) for raw in ignored)
    found = shop.query(
        f"select {column.name}, count(*) from shop.{table.name} where lower({column.name}) in ({listed})"
        f" group by {column.name} order by count(*) desc, {column.name}"
    )
    rows = sum(int(count) for _value, count in found)
    if rows:
        seed = seed_of(shop.root, enumeration).name
        message = f"{rows:,} values are excluded on purpose by {seed}; such rows go to quarantine"
        examples = tuple(f"{value} ({int(count):,})" for value, count in found[:5])
        yield Finding(
            NOTE, "left out", f"{table.name}.{column.name}", message, rows, rows / shop.rows[table.name], examples
        )


def _finding(shop: Shop, table: Table, column: Column, bad: Uncast) -> Finding:
    failed = f"{column.name} is not null and {shop.typed(table.name, column.name)} is null"
    frequent = [
        (str(value), int(rows))
        for value, rows in shop.query(
            f"select {column.name}, count(*) from shop.{table.name} where {failed} group by {column.name}"
            f" order by count(*) desc, {column.name} limit {_SHOWN}"
        )
    ]
    present = int(shop.query(f"select count({column.name}) from shop.{table.name}")[0][0])
    share = bad.values / present
    effect = effects()["values"].get(f"{table.name}.{column.name}")
    severity = (
        severity_of(share) if bad.outcome == "quarantined" or effect else severity_of(share, many=WARNING, few=NOTE)
    )
    outcome = (
        "such rows go to quarantine" if bad.outcome == "quarantined" else "they become null, and the row is flagged"
    )
    message = f"{bad.values:,} values are not of type {bad.type}; {effect or outcome}"
    examples = tuple(f"{value} ({rows:,})" for value, rows in frequent[:5])
    fix = _fix(shop, table.name, column, [value for value, _rows in frequent], failed)
    check = "unmapped value" if column.enumeration else "cast"
    return Finding(severity, check, f"{table.name}.{column.name}", message, bad.values, share, examples, fix)


def _fix(shop: Shop, table: str, column: Column, values: list[str], failed: str) -> Fix | None:
    if column.enumeration:
        return _seed_rows(shop, column.enumeration, values)
    fix = None
    if column.type in MOMENTS:
        fix = _format(shop, table, column.name, failed)
    elif column.type in _NUMBERS:
        fix = _decimal(shop, table, column.name, failed)
    if fix or column.presence in {"key", "required"}:
        return fix
    if column.type == "boolean":
        cases = " ".join(f"when {literal(value)} then <true or false>" for value in values[:3])
        return shop.column_fix(table, column.name, expression=f"case {{}} {cases} end")
    unknown = " ".join(f"when {literal(value)} then null" for value in values[:3])
    return shop.column_fix(table, column.name, expression=f"case {{}} {unknown} else {{}} end")


def _seed_rows(shop: Shop, enumeration: str, values: list[str]) -> Fix:
    """A row of the reference seed for each value, mapped to the known value with the most similar spelling."""
    seed = seed_of(shop.root, enumeration)
    is_event_type = seed.stem == "event_type_mapping"
    known = mapped_values(shop.root, enumeration)
    names = sorted(set(known.values()) - {""})
    found = []
    for value in values:
        plain = value.lower()
        similar = get_close_matches(plain, known, n=1, cutoff=0.7 if is_event_type else 0.6)
        value_of = known[similar[0]] if similar else f"<{' | '.join(names)}>" if len(names) <= 8 else "<value>"
        cells = [plain, value_of, "own"] if is_event_type else [enumeration, plain, value_of]
        found.append(",".join(_cell(cell) for cell in cells))
    return Fix(str(seed.relative_to(shop.root)), tuple(found))


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def best_format(connection: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    """The strptime pattern that parses most of the texts `value` of a relation; on a tie, day before month."""
    counted = ", ".join(f"count(try_strptime(value, {literal(pattern)}))" for pattern in _FORMATS)
    row = connection.execute(f"select {counted} from {relation}").fetchone() or (0,)
    best = max(range(len(row)), key=lambda number: (row[number], -number))
    return _FORMATS[best] if row[best] else None


def best_decimal(connection: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    """The decimal separator with which most of the texts `value` of a relation are numbers."""
    signs = (",", ".")
    counted = ", ".join(f"count(try_cast({plain_number('value', sign)} as decimal(38, 9)))" for sign in signs)
    row = connection.execute(f"select {counted}, count(*) from {relation}").fetchone() or (0, 0, 0)
    best = max(range(2), key=lambda number: (row[number], -number))
    return signs[best] if row[best] > 0.5 * row[2] else None


def _format(shop: Shop, table: str, column: str, failed: str) -> Fix | None:
    pattern = best_format(shop.connection, _values(table, column, failed))
    if pattern is None:
        return None
    settings = {"format": pattern}
    if "%H" in pattern and not shop.definition_of(table, column).timezone:
        settings["timezone"] = str(shop.variables["reporting_timezone"])
    return shop.column_fix(table, column, **settings)


def _decimal(shop: Shop, table: str, column: str, failed: str) -> Fix | None:
    sign = best_decimal(shop.connection, _values(table, column, failed))
    if sign and shop.definition_of(table, column).column:
        return shop.column_fix(table, column, decimal=sign)
    percent = shop.query(f"select count(*) from {_values(table, column, failed)} where contains(value, '%')")[0][0]
    if percent:
        return shop.column_fix(table, column, expression="cast(rtrim({}, '% ') as decimal(18, 6)) / 100")
    return None


def _values(table: str, column: str, failed: str) -> str:
    return f"(select {column} as value from shop.{table} where {failed} limit 100000)"
