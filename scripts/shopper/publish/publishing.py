"""From the working warehouse to a generation: copy, verify, then one change of the link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from shopper.errors import CheckFailed, Locked
from shopper.locks import exclusive
from shopper.publish.generations import Generations
from shopper.sql import literal, quoted, reason

SCHEMAS = ("marts", "reference", "audit")
# Rejected rows hold whatever the shop sent, personal data included; they stay in the working file.
_WITHHELD = frozenset({("audit", "quarantined_rows")})
# Storage that every client since 1.4 can read.
_STORAGE_VERSION = "v1.4.0"


@dataclass(frozen=True)
class Published:
    """A generation that readers now get: rows by `<schema>.<table>`, and the ids that made room for it."""

    id: str
    path: Path
    rows: dict[str, int]
    removed: tuple[str, ...]


def publish(warehouse: Path, folder: Path, keep: int, now: datetime) -> Published:
    """Publish what is built in `warehouse` below `folder`, keeping `keep` generations in all.

    Raises CheckFailed when nothing is built or something can't be read or written, Locked when another process is
    publishing or writes the warehouse, BadInput when the folder can't be used. Readers then have what they had.
    """
    with _reading(warehouse) as connection:
        tables = _built_tables(connection, warehouse)
        with exclusive(folder / ".publish.lock", "shopper publish"):
            generations = Generations(folder)
            building: Path | None = None
            try:
                generation = generations.next_id(now)
                building = generations.begin(generation)
                rows = _copy(connection, tables, building, warehouse.stem)
                manifest = {"id": generation, "created_at": now.isoformat(), "rows": rows}
                (building / "generation.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
                generations.finish(building, generation)
                generations.switch(generation, warehouse.stem)
            except (OSError, duckdb.Error) as error:
                if building is not None:
                    generations.abandon(building)
                said = reason(error) if isinstance(error, duckdb.Error) else str(error)
                raise CheckFailed(f"{folder}: not published, readers keep what they had: {said}") from error
            removed = generations.prune(keep)
    return Published(generation, generations.path(generation), rows, tuple(removed))


@contextmanager
def _reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached as `source`, to be read only."""
    if not warehouse.is_file():
        raise CheckFailed(f"{warehouse}: no warehouse there; run `dbt build` first. Nothing was published")
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(str(warehouse))} as source (read_only)")
        yield connection
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            raise Locked(f"{warehouse} is being written by another process; nothing was published") from error
        raise CheckFailed(f"{warehouse} can't be read: {reason(error)}. Nothing was published") from error
    finally:
        connection.close()


def _built_tables(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> list[tuple[str, str]]:
    """Schema and name of what is to be published, in order."""
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = 'source' and table_schema in (select unnest(?)) order by all",
        [list(SCHEMAS)],
    ).fetchall()
    tables = [(schema, name) for schema, name in found if (schema, name) not in _WITHHELD]
    if not any(schema == "marts" for schema, _name in tables):
        raise CheckFailed(f"{warehouse}: no marts there; run `dbt build` first. Nothing was published")
    return tables


def _copy(
    connection: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]], building: Path, stem: str
) -> dict[str, int]:
    """Write the DuckDB file and the Parquet files; the result are the rows of each table, equal in all three places."""
    file = building / f"{stem}.duckdb"
    connection.execute(f"attach {literal(str(file))} as target (storage_version {literal(_STORAGE_VERSION)})")
    rows = {}
    for schema, name in tables:
        relation = f"{quoted(schema)}.{quoted(name)}"
        parquet = building / "parquet" / schema / f"{name}.parquet"
        parquet.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"create schema if not exists target.{quoted(schema)}")
        connection.execute(f"create table target.{relation} as select * from source.{relation}")
        connection.execute(f"copy target.{relation} to {literal(str(parquet))} (format parquet, compression zstd)")
        counts = {
            place: _rows(connection, place)
            for place in (f"source.{relation}", f"target.{relation}", f"read_parquet({literal(str(parquet))})")
        }
        if len(set(counts.values())) != 1:
            raise CheckFailed(f"{schema}.{name}: the copy has other rows than the warehouse ({counts})")
        rows[f"{schema}.{name}"] = counts[f"source.{relation}"]
    connection.execute("checkpoint target")
    connection.execute("detach target")
    if file.with_name(file.name + ".wal").exists():
        raise CheckFailed(f"{file}: not checkpointed")
    return rows


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
