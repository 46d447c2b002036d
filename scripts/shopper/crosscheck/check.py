"""A comparison of a mart with the oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from shopper.crosscheck.oracle.raw import read_table, table_columns
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import Comparison, Key, compare

Rows = dict[Key, tuple[Any, ...]]
Sides = tuple[Sequence[str], Rows, Rows]


@dataclass(frozen=True)
class Check:
    """A comparison of a mart with the oracle.

    sides: function that returns the compared columns, the expected rows and the actual rows, both by key. figure:
    column whose total is shown; None for none. also: other marts whose rows are among them.
    """

    subject: str
    what: str
    schema: str
    mart: str
    sides: Callable[[Shop, Reader], Sides]
    figure: str | None = None
    also: tuple[str, ...] = ()

    @property
    def marts(self) -> tuple[str, ...]:
        """Every mart that is read, the named one first."""
        return (self.mart, *self.also)


@dataclass
class Result:
    """Result of a check. `comparison` is None if the mart is missing."""

    check: Check
    expected: str
    actual: str
    comparison: Comparison | None

    @property
    def passed(self) -> bool:
        return self.comparison is not None and self.comparison.is_equal


class Reader:
    """Reads tables of an open warehouse as dictionaries."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def has(self, schema: str, mart: str) -> bool:
        return bool(table_columns(self._connection, schema, mart))

    def rows(self, mart: str, schema: str = "marts", where: str = "true") -> list[dict[str, Any]]:
        return read_table(self._connection, schema, mart, where)

    def together(self, marts: Mapping[str, Mapping[str, Any]], where: str = "true") -> list[dict[str, Any]]:
        """Rows of several marts, each with the values by which it differs from the others."""
        return [{**row, **labels} for mart, labels in marts.items() for row in self.rows(mart, where=where)]


def run_check(check: Check, shop: Shop, reader: Reader) -> Result:
    """Run a check. A missing mart is a failure."""
    missing = [mart for mart in check.marts if not reader.has(check.schema, mart)]
    if missing:
        return Result(check, "", f"{check.schema}.{missing[0]} is missing", None)
    columns, expected, actual = check.sides(shop, reader)
    position = list(columns).index(check.figure) if check.figure else None
    return Result(check, _figure(expected, position), _figure(actual, position), compare(columns, expected, actual))


def _figure(rows: Rows, position: int | None) -> str:
    """The number of rows and the total of the column, such as `1,234 rows, 56,789.00`."""
    text = f"{len(rows):,} rows"
    if position is None:
        return text
    return f"{text}, {sum((row[position] or 0 for row in rows.values()), Decimal(0)):,}"
