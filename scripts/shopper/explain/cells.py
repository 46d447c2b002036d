"""Finds the one cell that is asked for, or says in one sentence why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from shopper.conditions import bracketed, is_condition
from shopper.errors import BadInput
from shopper.explain.rules import mart_rules
from shopper.explain.warehouse import Warehouse, as_literal, listed
from shopper.sql import quoted, reason
from shopper.suggestions import suggestion

_MOST_EXAMPLES: Final = 3
_MOST_COMPARED: Final = 10_000


@dataclass(frozen=True)
class Cell:
    """A column of one row of a mart. key: the names of the columns that identify the row."""

    mart: str
    column: str
    key: tuple[str, ...]
    row: Mapping[str, Any]


def find_cell(warehouse: Warehouse, mart: str, column: str, where: str | None) -> Cell:
    """The cell. Raises BadInput if the mart, the column or exactly one row is not there."""
    mart = mart.removeprefix("marts.")
    marts = warehouse.names("marts")
    if not marts:
        raise BadInput("the file holds no marts; run `make build` or `shopper run` first")
    if mart not in marts:
        raise BadInput(f"there is no mart {mart!r} in the file{suggestion(mart, marts)}")
    columns = warehouse.columns(f"marts.{mart}")
    if column not in columns:
        raise BadInput(f"{mart} has no column {column!r}{suggestion(column, columns)}")
    return Cell(mart, column, _key(warehouse, mart), _row(warehouse, mart, where))


def _key(warehouse: Warehouse, mart: str) -> tuple[str, ...]:
    """The key columns by the rules; none without rules."""
    rules = mart_rules().get(mart)
    return tuple(name for name in rules.key if name in warehouse.columns(f"marts.{mart}")) if rules else ()


def _row(warehouse: Warehouse, mart: str, where: str | None) -> Mapping[str, Any]:
    text = where or "true"
    if not is_condition(warehouse.connection, text):
        raise BadInput(f"--where {where!r} is not one condition on columns of {mart}, such as \"channel = 'app'\"")
    source = f"from marts.{mart} where {bracketed(text)}"
    try:
        found = warehouse.rows(f"select * {source} limit 2")
        if len(found) == 1:
            return found[0]
        count = warehouse.value(f"select count(*) {source}")
    except duckdb.Error as error:
        raise BadInput(f"--where {where!r}: {reason(error)}") from error
    rows = f"{count:,} rows of {mart} match" + (f" {where!r}" if where else "")
    if not count:
        raise BadInput(f"{rows}; one must{_values(warehouse, mart, f'from marts.{mart}')}")
    raise BadInput(f"{rows}; one must: add to --where{_values(warehouse, mart, source)}")


def _values(warehouse: Warehouse, mart: str, source: str) -> str:
    """The columns that tell the rows apart, each with examples."""
    few = f"(select * {source} limit {_MOST_COMPARED})"
    told = []
    for name in _key(warehouse, mart) or _telling_apart(warehouse, mart, few):
        count = warehouse.value(f"select count(distinct {quoted(name)}) from {few}")
        if count > 1:
            found = warehouse.rows(f"select distinct {quoted(name)} as one {source} order by 1 limit {_MOST_EXAMPLES}")
            examples = ", ".join(as_literal(row["one"]).removeprefix("date ") for row in found)
            told.append(f"{name} ({examples}{' ...' if count > _MOST_EXAMPLES else ''})")
    return f" {', '.join(told)}".replace(" (", " (such as ", 1) if told else " a condition on its columns"


def _telling_apart(warehouse: Warehouse, mart: str, rows: str) -> list[str]:
    """Columns that together tell the rows apart, ids, names and dates first; each adds as much as possible."""
    count = warehouse.value(f"select count(*) from {rows}")
    columns, chosen, different = _describing(warehouse, mart), list[str](), 1
    while different < count and columns:
        by_count = {
            name: warehouse.value(f"select count(distinct ({listed([*chosen, name])})) from {rows}") for name in columns
        }
        best = max(columns, key=lambda name: by_count[name])
        if by_count[best] <= different:
            break
        chosen, different = [*chosen, best], by_count[best]
        columns = [name for name in columns if name != best]
    return chosen


def _describing(warehouse: Warehouse, mart: str) -> list[str]:
    """Columns of text and dates."""
    found = warehouse.rows(
        "select column_name from duckdb_columns() where database_name = current_database() and schema_name = 'marts'"
        f" and table_name = {as_literal(mart)} and data_type in ('VARCHAR', 'DATE') order by column_index"
    )
    return [row["column_name"] for row in found]
