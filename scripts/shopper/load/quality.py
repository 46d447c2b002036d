"""What staging will make of landed values, by the project's own cast rules: which do not cast, from when to when."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Column, Table
from shopper.load.history import Span
from shopper.sql import literal

MOMENTS = frozenset({"date", "timestamp"})


@dataclass(frozen=True)
class Uncast:
    """Values of a column that are there but are none of its type (or enumeration): how many, and the first in order."""

    column: str
    type: str
    presence: str
    values: int
    example: str

    @property
    def outcome(self) -> str:
        """What staging does with such a row."""
        return "null, flagged" if self.presence == "optional" else "quarantined"


@dataclass(frozen=True)
class Judgement:
    """What staging will make of a table's values: those that do not cast, and the spans of dates and times."""

    uncast: tuple[Uncast, ...]
    spans: tuple[Span, ...]


def judged_values(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    root: Path,
    table: Table,
    columns: tuple[str, ...],
    relation: str,
) -> Judgement:
    """Judge the columns of `relation` (text columns of the table, by contract names) in one pass."""
    checked = [table.by_name[name] for name in columns if rules.can_fail(table.by_name[name].type)]
    if not checked:
        return Judgement((), ())
    cleaned = ", ".join(f"{rules.clean(column.name)} as {column.name}" for column in checked)
    measures = []
    for column in checked:
        value = value_sql(rules, root, column)
        failed = f"({column.name} is not null and {value} is null)"
        ends = f"min({value}), max({value})" if column.type in MOMENTS else "null, null"
        measures.append(f"count(*) filter (where {failed}), min({column.name}) filter (where {failed}), {ends}")
    row = connection.execute(f"select {', '.join(measures)} from (select {cleaned} from {relation})").fetchone() or ()
    found = [(column, *row[4 * i : 4 * i + 4]) for i, column in enumerate(checked)]
    return Judgement(
        tuple(
            Uncast(column.name, column.enumeration or column.type, column.presence, int(values), str(example))
            for column, values, example, _first, _last in found
            if values
        ),
        tuple(
            Span(column.name, _moment(first), _moment(last))
            for column, _values, _example, first, last in found
            if column.type in MOMENTS
        ),
    )


def _moment(value: date | datetime | None) -> datetime | None:
    """A date as its midnight."""
    return value if value is None or isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def value_sql(rules: CastRules, root: Path, column: Column) -> str:
    """SQL of the column's typed value; an enumeration's values are rows of a reference seed."""
    if column.enumeration is None:
        return rules.typed(column.name, column.type)
    values = ", ".join(literal(raw) for raw in mapped_values(root, column.enumeration)) or "null"
    return f"case when lower({column.name}) in ({values}) then {column.name} end"


def mapped_values(root: Path, enumeration: str) -> dict[str, str]:
    """What the reference seeds map to values of this enumeration: text to value, empty where rows are left out on
    purpose.
    """
    with seed_of(root, enumeration).open(encoding="utf-8", newline="") as lines:
        return {
            row["raw_value"]: row["value"]
            for row in csv.DictReader(lines)
            if row.get("enumeration", enumeration) == enumeration
        }


def seed_of(root: Path, enumeration: str) -> Path:
    """The reference seed that maps an enumeration's values; event types have one of their own."""
    name = "event_type_mapping.csv" if enumeration == "event_type" else "enumerations.csv"
    return root / "seeds" / "reference" / name
