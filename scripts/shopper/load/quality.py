"""Values that staging will not be able to cast, counted by the project's own cast rules while the data is at hand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Column, Table
from shopper.sql import literal


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


def uncast_values(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    root: Path,
    table: Table,
    columns: tuple[str, ...],
    relation: str,
) -> tuple[Uncast, ...]:
    """The columns of `relation` (text columns of the table, by contract names) with values that do not cast."""
    checked = [table.by_name[name] for name in columns if rules.can_fail(table.by_name[name].type)]
    if not checked:
        return ()
    cleaned = ", ".join(f"{rules.clean(column.name)} as {column.name}" for column in checked)
    counted = ", ".join(
        f"count(*) filter (where {failed}), min({column.name}) filter (where {failed})"
        for column in checked
        for failed in [f"({column.name} is not null and {_value(rules, root, column)} is null)"]
    )
    row = connection.execute(f"select {counted} from (select {cleaned} from {relation})").fetchone() or ()
    found = [(column, row[2 * i], row[2 * i + 1]) for i, column in enumerate(checked)]
    return tuple(
        Uncast(column.name, column.enumeration or column.type, column.presence, int(values), str(example))
        for column, values, example in found
        if values
    )


def _value(rules: CastRules, root: Path, column: Column) -> str:
    """SQL of the column's typed value; an enumeration's values are rows of a reference seed."""
    if column.enumeration is None:
        return rules.typed(column.name, column.type)
    values = ", ".join(literal(value) for value in _known_values(root, column.enumeration)) or "null"
    return f"case when lower({column.name}) in ({values}) then {column.name} end"


def _known_values(root: Path, enumeration: str) -> list[str]:
    """Texts that the reference seeds map to a value of this enumeration."""
    is_event_type = enumeration == "event_type"
    seed = root / "seeds" / "reference" / ("event_type_mapping.csv" if is_event_type else "enumerations.csv")
    with seed.open(encoding="utf-8", newline="") as lines:
        return [
            row["raw_value"]
            for row in csv.DictReader(lines)
            if row["value"] and (is_event_type or row["enumeration"] == enumeration)
        ]
