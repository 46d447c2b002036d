"""Checks of published data: is it complete, and is it equal to another published file?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.publish.generations import Generations
from shopper.sql import literal, quoted


@dataclass(frozen=True)
class Seen:
    """What a reader of the published file found: generation id, and rows by table."""

    generation: str
    rows: dict[str, int]


def read_whole(folder: Path) -> Seen:
    """Read every row of every published table, in the DuckDB file and in Parquet.

    Raises AssertionError if something is missing or the two differ, duckdb.Error if a file can't be read.
    """
    generations = Generations(folder)
    place = (folder / "current").resolve(strict=True)
    manifest = generations.manifest(place.name)
    files = list(place.glob("*.duckdb"))
    assert len(files) == 1 and not list(place.glob("*.wal")), f"{place}: expected one checkpointed file, found {files}"
    assert (place / "report.html").exists() and (place / "report.json").exists(), f"{place}: no report"
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(files[0]))} as published (read_only)")
        named = connection.execute("select generation_id from published.audit.generation").fetchall()
        assert named == [(place.name,)] and manifest["id"] == place.name, f"{place}: is named {named}"
        for name, expected in manifest["rows"].items():
            schema, _, table = name.partition(".")
            relation = f"published.{quoted(schema)}.{quoted(table)}"
            parquet = f"read_parquet({literal(str(place / 'parquet' / schema / f'{table}.parquet'))})"
            found = [rows_digest(connection, source) for source in (relation, parquet)]
            assert found[0] == found[1], f"{place}: {name} differs between DuckDB and Parquet: {found}"
            assert found[0][0] == expected, f"{place}: {name} has {found[0][0]} rows, not {expected}"
    return Seen(place.name, manifest["rows"])


def differing(left: Path, right: Path) -> list[str]:
    """Tables of two published files whose rows differ (EXCEPT ALL in both directions); empty if they are equal."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(left))} as left_file (read_only)")
        connection.execute(f"attach {literal(str(right))} as right_file (read_only)")
        names = {side: _tables(connection, side) for side in ("left_file", "right_file")}
        differences = [f"{name}: only in one" for name in sorted(names["left_file"] ^ names["right_file"])]
        for name in sorted(names["left_file"] & names["right_file"]):
            one, other = f"(from left_file.{name})", f"(from right_file.{name})"
            row = connection.execute(
                f"select (select count(*) from ({one} except all {other})),"
                f" (select count(*) from ({other} except all {one}))"
            ).fetchone()
            if row != (0, 0):
                differences.append(f"{name}: {row} rows only in one")
    return differences


def rows_digest(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
    """Number of rows, and a sum of the hashes of all rows, the same in any order."""
    row = connection.execute(f"select count(*), sum(hash(whole)) from {relation} as whole").fetchone()
    return (int(row[0]), int(row[1] or 0)) if row else (0, 0)


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    """All tables except audit.generation."""
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? and table_name <> 'generation'",
        [database],
    ).fetchall()
    return {f"{quoted(schema)}.{quoted(table)}" for schema, table in rows}
