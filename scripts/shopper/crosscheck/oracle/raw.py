"""Reads raw tables and reference seeds from a warehouse file. No rules here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

import duckdb

from shopper.contract import Column
from shopper.crosscheck.oracle.settings import Row

_UNIT: Final = chr(31)
_NULL: Final = chr(30)


def table_columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    """Column names of a table or view, in order; empty if it does not exist."""
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = current_database() and schema_name = ? "
        "and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    return [name for (name,) in rows]


def read_raw(
    connection: duckdb.DuckDBPyConnection, raw_data: str, table: str, contract: Sequence[Column]
) -> list[Row] | None:
    """Rows of a raw table as text by contract column; missing columns are None. None if the table does not exist.

    A missing single-column key is derived: a digest of the contract columns and the number of the occurrence.
    """
    schema, name = ("sample", f"raw_{table}") if raw_data == "sample" else ("raw", table)
    present = {column.lower(): column for column in table_columns(connection, schema, name)}
    if not present:
        return None
    keys = [column.name for column in contract if column.presence == "key"]
    derived = keys[0] if len(keys) == 1 and keys[0] not in present else None
    names = [column.name for column in contract]
    expressions = [f'cast("{present[one]}" as varchar)' if one in present else "null" for one in names]
    result = connection.execute(f'select {", ".join(expressions)} from "{schema}"."{name}"')
    landed = [place for place, column in enumerate(names) if column in present]
    rows: list[Row] = []
    occurrences: Counter[str] = Counter()
    while batch := result.fetchmany(100_000):
        for values in batch:
            row = dict(zip(names, values, strict=True))
            if derived:
                content = _UNIT.join(_NULL if values[place] is None else values[place] for place in landed)
                occurrences[content] += 1
                row[derived] = f"{hashlib.md5(content.encode()).hexdigest()}-{occurrences[content]}"
            rows.append(row)
    return rows


def read_seed(connection: duckdb.DuckDBPyConnection, seed: str) -> list[Row]:
    """Rows of a reference seed, with values as stored."""
    return read_table(connection, "reference", seed)


def read_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str, where: str = "true") -> list[Row]:
    """All rows of a table as dictionaries."""
    result = connection.execute(f'select * from "{schema}"."{table}" where {where}')
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
