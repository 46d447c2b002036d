"""Writes raw tables into a warehouse file, as an EL tool would."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

RawRow = Mapping[str, str | None]


def land(warehouse: Path, tables: Mapping[str, Sequence[RawRow]]) -> None:
    """Replace the schema `raw` of a warehouse by the given tables.

    Every column is text. A table has the columns of all its rows. A table without rows is not created.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop schema if exists raw cascade")
        connection.execute("create schema raw")
        for name, rows in tables.items():
            if not rows:
                continue
            columns = list(dict.fromkeys(column for row in rows for column in row))
            landed = pa.table({column: pa.array([row.get(column) for row in rows], pa.string()) for column in columns})
            connection.register("landed", landed)
            connection.execute(f'create table raw."{name}" as select * from landed')
            connection.unregister("landed")


def copy_raw(source: Path, warehouse: Path, *, schema: str = "sample", without: Collection[str] = ()) -> None:
    """Copy raw tables into the schema `raw` of another warehouse, which has none: the sample's, or those of `raw`.

    without: names of tables that are left out.
    """
    prefix = "raw_" if schema == "sample" else ""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"attach '{source}' as source (read_only)")
        connection.execute("create schema raw")
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'source' and schema_name = ?"
            " and starts_with(table_name, ?)", [schema, prefix],
        ).fetchall():  # fmt: skip
            if name.removeprefix(prefix) not in without:
                connection.execute(f"create table raw.{name.removeprefix(prefix)} as from source.{schema}.{name}")
