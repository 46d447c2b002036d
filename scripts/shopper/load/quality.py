"""A preview of staging with the project's cast rules: values that will not cast, and spans of dates and times."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    """Result for one table: values that do not cast, and the spans of dates and times, in all rows and by group."""

    uncast: tuple[Uncast, ...]
    spans: tuple[Span, ...]
    group_spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


def check_casts(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    root: Path,
    table: Table,
    columns: tuple[str, ...],
    relation: str,
    group: str | None = None,
) -> CastCheck:
    """Check the columns of `relation` (text columns with contract names) in one pass. `group`: a column by which spans
    are also found.
    """
    checked = [table.by_name[name] for name in columns if rules.can_fail(table.by_name[name].type)]
    if not checked:
        return CastCheck((), ())
    by = group or "'all'"
    cleaned = ", ".join([*(f"{rules.clean(column.name)} as {column.name}" for column in checked), f"{by} as part"])
    typed = ", ".join(f"{value_sql(rules, root, column)} as value_{place}" for place, column in enumerate(checked))
    measures = []
    for place, column in enumerate(checked):
        failed = f"({column.name} is not null and value_{place} is null)"
        ends = f"min(value_{place}), max(value_{place})" if column.type in MOMENTS else "null, null"
        measures.append(f"count(*) filter (where {failed}), min({column.name}) filter (where {failed}), {ends}")
    found = {
        part: [(column, *row[4 * place : 4 * place + 4]) for place, column in enumerate(checked)]
        for part, *row in connection.execute(
            f"select part, {', '.join(measures)} from (select *, {typed} from (select {cleaned} from {relation}))"
            " group by part order by part"
        ).fetchall()
    }
    moments = [column.name for column in checked if column.type in MOMENTS]
    spans = {
        part: tuple(
            Span(column.name, _moment(first), _moment(last))
            for column, _values, _example, first, last in measured
            if column.type in MOMENTS
        )
        for part, measured in found.items()
    }
    uncast = []
    for i, column in enumerate(checked):
        failing = [measured[i] for measured in found.values() if measured[i][1]]
        if failing:
            values, example = sum(int(one[1]) for one in failing), min(str(one[2]) for one in failing)
            uncast.append(Uncast(column.name, column.enumeration or column.type, column.presence, values, example))
    return CastCheck(tuple(uncast), united_spans(moments, spans.values()), spans if group else {})


def united_spans(columns: Iterable[str], groups: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    """The span of each column over all groups."""
    ends: dict[str, list[datetime]] = {column: [] for column in columns}
    for span in (span for group in groups for span in group):
        ends[span.column] += [end for end in (span.first_at, span.last_at) if end is not None]
    return tuple(Span(column, min(found, default=None), max(found, default=None)) for column, found in ends.items())


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
