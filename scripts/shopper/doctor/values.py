"""Checks of values that staging can't cast or map, with settings that make them readable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import duckdb

from shopper.contract import Column, Table
from shopper.doctor.findings import NOTE, WARNING, Finding, Fix, severity_of
from shopper.doctor.inputs import effects
from shopper.doctor.orders import unknown_status_money
from shopper.doctor.shop import ColumnPart, Shop
from shopper.load.columns import plain_number
from shopper.load.quality import MOMENTS, Uncast, check_casts, mapped_values, seed_of
from shopper.sql import literal

_SHOWN: Final = 12
_FILLERS: Final = frozenset({"to", "the", "a", "from", "of", "wc", "order", "status", "event"})
_SAME_WORDS: Final = {
    "basket": "cart", "bag": "cart", "trolley": "cart", "viewed": "view", "added": "add", "removed": "remove",
    "started": "start", "clicked": "click", "searched": "search", "placed": "place", "item": "product",
}  # fmt: skip
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
    fix, gain = _fix(shop, table.name, column, [value for value, _rows in frequent])
    amount = f" ({unknown_status_money(shop)})" if (table.name, column.name) == ("orders", "status") else ""
    message = f"{bad.values:,} values are not of type {bad.type}{amount}; {effect or outcome}{gain}"
    examples = tuple(f"{value} ({rows:,})" for value, rows in frequent[:5])
    check = "unmapped value" if column.enumeration else "cast"
    return Finding(severity, check, f"{table.name}.{column.name}", message, bad.values, share, examples, fix)


def _fix(shop: Shop, table: str, column: Column, values: list[str]) -> tuple[Fix | None, str]:
    """The line that makes the values readable, in the part of the mapping that has most of them, and what it does to
    the column's sum, as the end of a message.
    """
    if column.enumeration:
        return _seed_rows(shop, column.enumeration, values), ""
    uncast = f"value is not null and {shop.rules.typed('value', column.type)} is null"
    part = max(
        shop.parts_of(table, column.name),
        key=lambda one: int(shop.query(f"select count(*) from {one.relation} where {uncast}")[0][0]),
    )
    failed = f"(select value from {part.relation} where {uncast} limit 100000)"
    fix, gain = None, ""
    if column.type in MOMENTS:
        fix = _format(shop, table, column.name, part, failed)
    elif column.type in _NUMBERS:
        fix, gain = _decimal(shop, table, column, part, failed)
    if fix or column.presence in {"key", "required"}:
        return fix, gain
    if column.type == "boolean":
        cases = " ".join(f"when {literal(value)} then <true or false>" for value in values[:3])
        return shop.column_fix(table, column.name, part, expression=f"case {{}} {cases} end"), ""
    # A value with digits may be an amount: whether it is one is not for us to say.
    words = [value for value in values if not any(sign.isdigit() for sign in value)]
    if not words:
        return None, ""
    unknown = " ".join(f"when {literal(value)} then null" for value in words[:3])
    return shop.column_fix(table, column.name, part, expression=f"case {{}} {unknown} else {{}} end"), ""


def _seed_rows(shop: Shop, enumeration: str, values: list[str]) -> Fix:
    """A row of the reference seed for each value. A name that the seed knows in another spelling gets the same value;
    any other is for a person to decide, because a similar spelling may mean the opposite.
    """
    seed = seed_of(shop.root, enumeration)
    known = mapped_values(shop.root, enumeration)
    names = sorted(set(known.values()) - {""})
    with seed.open(encoding="utf-8") as lines:
        header = next(lines).strip().split(",")
    found = []
    for value in values:
        decided = known_value(known, value, enumeration)
        choice = decided or (f"<decide: {' | '.join(names)}>" if len(names) <= 8 else "<decide>")
        cells = {
            "enumeration": enumeration,
            "raw_value": value.lower(),
            "value": choice,
            "tracker": "own",
            "platform": "own",
        }
        found.append(",".join(_cell(cells.get(column, "")) for column in header))
    return Fix(str(seed.relative_to(shop.root)), tuple(found))


def known_value(known: Mapping[str, str], value: str, enumeration: str) -> str | None:
    """The value of the known names with the same words, in any order and spelling of separators (`WC Completed`,
    `wc-completed`); None if there is none or they do not agree.
    """
    words = _words(value, enumeration)
    values = {mapped for name, mapped in known.items() if mapped and words and _words(name, enumeration) == words}
    return values.pop() if len(values) == 1 else None


def _words(name: str, enumeration: str) -> frozenset[str]:
    """The words of a name, without those that say nothing. Trackers' names of events are compared by meaning."""
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
    if enumeration == "event_type":
        words = [_SAME_WORDS.get(word, word) for word in words]
    return frozenset(words) - _FILLERS


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def best_format(connection: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    """The strptime pattern that parses every text `value` of a relation; None if there is none or no value.

    If day and month fit both ways, both patterns, as `<%d/%m/%Y or %m/%d/%Y>`: a person has to choose.
    """
    counted = ", ".join(f"count(try_strptime(value, {literal(pattern)}))" for pattern in _FORMATS)
    values, *parsed = connection.execute(f"select count(value), {counted} from {relation}").fetchone() or (0,)
    fitting = [pattern for pattern, number in zip(_FORMATS, parsed, strict=True) if 0 < number == values]
    return _one_of(fitting[:1] + [other for other in fitting[1:] if set(other) == set(fitting[0])])


def best_decimal(connection: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    """The decimal separator with which every text `value` of a relation is a number; None if there is none.

    If both fit (`1,250` alone), both, as `<, or .>`: a person has to choose.
    """
    signs = (",", ".")
    counted = ", ".join(f"count(try_cast({plain_number('value', sign)} as decimal(38, 9)))" for sign in signs)
    values, *numbers = connection.execute(f"select count(value), {counted} from {relation}").fetchone() or (0, 0, 0)
    return _one_of([sign for sign, number in zip(signs, numbers, strict=True) if 0 < number == values])


def _one_of(choices: list[str]) -> str | None:
    return f"<{' or '.join(choices)}>" if len(choices) > 1 else next(iter(choices), None)


def _format(shop: Shop, table: str, column: str, part: ColumnPart, failed: str) -> Fix | None:
    pattern = best_format(shop.connection, failed)
    if pattern is None:
        return None
    settings = {"format": pattern}
    if "%H" in pattern and not part.definition.timezone:
        settings["timezone"] = str(shop.variables["reporting_timezone"])
    return shop.column_fix(table, column, part, **settings)


def _decimal(shop: Shop, table: str, column: Column, part: ColumnPart, failed: str) -> tuple[Fix | None, str]:
    """A decimal separator that reads the whole column, or a rule for shares with a percent sign."""
    sign = best_decimal(shop.connection, part.relation) if part.definition.column else None
    if sign:
        fix = shop.column_fix(table, column.name, part, decimal=sign)
        return fix, _sums(shop, column, part, plain_number("value", sign)) if len(sign) == 1 else ""
    percent = "regexp_full_match(value, '[0-9]+([.][0-9]+)? *%')"
    if column.type == "share" and not shop.query(f"select count(*) from {failed} where not {percent}")[0][0]:
        number = "cast(0.01 * cast(rtrim({}, '% ') as decimal(18, 6)) as varchar)"
        expression = f"case when {{}} like '%!%' escape '!' then {number} else {{}} end"
        return shop.column_fix(table, column.name, part, expression=expression), ""
    return None, ""


def _sums(shop: Shop, column: Column, part: ColumnPart, changed: str) -> str:
    """The column's sum as it is and with the changed values, as the end of a message."""
    sums = ", ".join(
        f"sum(cast({shop.rules.typed(value, column.type)} as decimal(38, 2)))" for value in ("value", "changed")
    )
    before, after = shop.query(f"select {sums} from (select value, {changed} as changed from {part.relation})")[0]
    return f"; with the line below all are read, and the sum goes from {before or 0:,} to {after or 0:,}"
