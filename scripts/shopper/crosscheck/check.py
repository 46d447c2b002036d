"""One comparison of a mart with the oracle, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """One comparison of a mart: `sides` gives the columns and both tables; `figure` is the column shown as a total."""

    subject: str
    what: str
    schema: str
    mart: str
    sides: Callable[[Shop, Reader], Sides]
    figure: str | None = None


@dataclass
class Result:
    """A check's outcome; `comparison` is None where the mart is missing."""

    check: Check
    expected: str
    actual: str
    comparison: Comparison | None

    @property
    def passed(self) -> bool:
        return self.comparison is not None and self.comparison.is_equal


class Reader:
    """Marts of an open warehouse as rows of dictionaries."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def has(self, schema: str, mart: str) -> bool:
        return bool(table_columns(self._connection, schema, mart))

    def rows(self, mart: str, schema: str = "marts", where: str = "true") -> list[dict[str, Any]]:
        return read_table(self._connection, schema, mart, where)


def run_check(check: Check, shop: Shop, reader: Reader) -> Result:
    """One check; a mart that is not there is a miss."""
    if not reader.has(check.schema, check.mart):
        return Result(check, "", f"{check.schema}.{check.mart} is missing", None)
    columns, expected, actual = check.sides(shop, reader)
    place = list(columns).index(check.figure) if check.figure else None
    return Result(check, _figure(expected, place), _figure(actual, place), compare(columns, expected, actual))


def _figure(rows: Rows, place: int | None) -> str:
    """`1,234 rows`, and the total of the column."""
    text = f"{len(rows):,} rows"
    if place is None:
        return text
    return f"{text}, {sum((row[place] or 0 for row in rows.values()), Decimal(0)):,}"
