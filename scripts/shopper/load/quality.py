"""A preview of staging with the project's cast rules: values that will not cast, and spans of dates and times."""

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
    """Values of a column that do not cast to its type or enumeration: their number, and the smallest as an example."""

    column: str
    type: str
    presence: str
    values: int
    example: str

    @property
    def outcome(self) -> str:
        """What staging does with such rows."""
        return "null, flagged" if self.presence == "optional" else "quarantined"


@dataclass(frozen=True)
class CastCheck:
    """Result for one table: values that do not cast, and the spans of dates and times."""

    uncast: tuple[Uncast, ...]
    spans: tuple[Span, ...]


def check_casts(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    root: Path,
    table: Table,
    columns: tuple[str, ...],
    relation: str,
) -> CastCheck:
    """Check the columns of `relation` (text columns with contract names) in one pass."""
    checked = [table.by_name[name] for name in columns if rules.can_fail(table.by_name[name].type)]
    if not checked:
        return CastCheck((), ())
    cleaned = ", ".join(f"{rules.clean(column.name)} as {column.name}" for column in checked)
    measures = []
    for column in checked:
        value = value_sql(rules, root, column)
        failed = f"({column.name} is not null and {value} is null)"
        ends = f"min({value}), max({value})" if column.type in MOMENTS else "null, null"
        measures.append(f"count(*) filter (where {failed}), min({column.name}) filter (where {failed}), {ends}")
    row = connection.execute(f"select {', '.join(measures)} from (select {cleaned} from {relation})").fetchone() or ()
    found = [(column, *row[4 * i : 4 * i + 4]) for i, column in enumerate(checked)]
    return CastCheck(
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
    """A date as the timestamp of its midnight."""
    return value if value is None or isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def value_sql(rules: CastRules, root: Path, column: Column) -> str:
    """SQL for the typed value of a column, null if it does not cast. Enumeration values come from a reference seed."""
    if column.enumeration is None:
        return rules.typed(column.name, column.type)
    values = ", ".join(literal(raw) for raw in mapped_values(root, column.enumeration)) or "null"
    return f"case when lower({column.name}) in ({values}) then {column.name} end"


def mapped_values(root: Path, enumeration: str) -> dict[str, str]:
    """How the reference seeds map text in lower case to values of this enumeration. An empty value drops the row."""
    with seed_of(root, enumeration).open(encoding="utf-8", newline="") as lines:
        return {
            row["raw_value"].lower(): row["value"]
            for row in csv.DictReader(lines)
            if row.get("enumeration", enumeration) == enumeration
        }


def seed_of(root: Path, enumeration: str) -> Path:
    """Path of the reference seed that maps an enumeration's values. Event types and order statuses have their own."""
    name = f"{enumeration}_mapping" if enumeration in {"event_type", "order_status"} else "enumerations"
    return root / "seeds" / "reference" / f"{name}.csv"
