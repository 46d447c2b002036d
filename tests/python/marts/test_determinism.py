"""The sample shop, landed in another order and built with one thread, has the same marts as the seeds with two."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb

from replay import compiled


def _shuffled(sample: Path, warehouse: Path) -> None:
    """Copy the sample's raw tables into the schema `raw` of a new file, with rows and columns in another order."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw")
        connection.execute(f"attach '{sample}' as seeded (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'seeded' and schema_name = 'sample'"
        ).fetchall()
        for place, (table,) in enumerate(sorted(tables)):
            columns = [row[0] for row in connection.execute(f"describe seeded.sample.{table}").fetchall()]
            Random(place).shuffle(columns)
            connection.execute(
                f"create table raw.{table.removeprefix('raw_')} as "
                f"select {', '.join(columns)} from seeded.sample.{table} order by hash({', '.join(columns)})"
            )


def _marts(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """The sorted rows of every mart, as text with all digits."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name in ('marts', 'audit')"
        ).fetchall()
        return {name: _rows(connection, name) for (name,) in names}


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    schema, columns = connection.execute(
        "select schema_name, list(column_name order by column_index) from duckdb_columns() "
        "where table_name = ? and schema_name in ('marts', 'audit') group by schema_name",
        [name],
    ).fetchall()[0]
    # A rejected row is stored as landed, in the order of its columns.
    kept = [column for column in columns if column not in {"raw_row", "row_digest"}]
    return sorted(
        connection.execute(
            f"select {', '.join(f'cast({one} as varchar)' for one in kept)} from {schema}.{name}"
        ).fetchall(),
        key=repr,
    )


def test_row_order_and_threads_do_not_change_the_marts(sample_warehouse: Path, tmp_path: Path) -> None:
    warehouse, target = tmp_path / "shop.duckdb", tmp_path / "target"
    _shuffled(sample_warehouse, warehouse)
    replay = compiled(warehouse, target, {"raw_data": "source"})
    with duckdb.connect(str(warehouse), config={"threads": 1, "preserve_insertion_order": False}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        replay.run(connection)
    expected, actual = _marts(sample_warehouse), _marts(warehouse)
    assert expected.keys() == actual.keys()
    different = [name for name, found in expected.items() if found != actual[name]]
    assert different == []
    assert any(expected.values())
