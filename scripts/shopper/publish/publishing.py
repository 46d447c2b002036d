"""Publish the working warehouse as a generation: copy, verify, then switch the link."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from shopper.errors import CheckFailed, Locked
from shopper.locks import publish_lock
from shopper.publish.generations import Generations, Keep
from shopper.publish.last_build import require_finished_build
from shopper.publish.semantics import Semantics, read_semantics
from shopper.sql import STORAGE_VERSION, is_lock_conflict, literal, lock_holder, quoted, reason
from shopper.stopping import finishing

SCHEMAS = ("marts", "reference", "audit")
# Rejected rows contain raw input, personal data included, so they are not published.
_WITHHELD = frozenset({("audit", "quarantined_rows")})


@dataclass(frozen=True)
class Published:
    """The new current generation: rows by `<schema>.<table>`, and the ids of removed generations."""

    id: str
    path: Path
    rows: dict[str, int]
    removed: tuple[str, ...]


def publish(
    warehouse: Path,
    folder: Path,
    keep: Keep,
    now: datetime,
    *,
    only: Collection[str] | None = None,
    whole_build: bool = False,
    artifacts: Path | None = None,
    labels: Sequence[str] = (),
    complete: Callable[[Path, str, dict[str, int]], None] | None = None,
) -> Published:
    """Publish the built tables of `warehouse` into `folder`, and keep older generations according to `keep`.

    only: tables to publish, such as `marts.orders`; None publishes all. whole_build: publish only if the file holds one
    finished, tested build of its own data; a run that has just built it knows. artifacts: dbt's target folder, from
    which the catalogue of metrics is made. labels: warnings about the data, stored with the generation. complete:
    called before the generation becomes visible, with its folder, its id and its rows by table; it may add files.

    Raises CheckFailed if nothing is built or something can't be read or written, Locked if another process publishes or
    writes the warehouse, BadInput if the folder can't be used. After an error readers keep the previous generation.
    """
    with _attached_read_only(warehouse) as connection:
        tables = _built_tables(connection, warehouse, only)
        if whole_build:
            require_finished_build(warehouse, connection)
        semantics = read_semantics(artifacts, {name for schema, name in tables if schema == "marts"})
        with publish_lock(folder, "shopper publish"):
            generations = Generations(folder)
            generations.require_own(warehouse.stem)
            previous = generations.current()
            building: Path | None = None
            try:
                generation = generations.next_id(now)
                building = generations.begin(generation)
                rows = _copy(connection, tables, building, warehouse.stem, (generation, now, tuple(labels)), semantics)
                manifest = {
                    "id": generation,
                    "number": generations.next_number(),
                    "created_at": now.isoformat(),
                    "follows": previous,
                    "labels": list(labels),
                    "rows": rows,
                }
                if semantics:
                    semantics.write_files(building)
                (building / "generation.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
                if complete:
                    complete(building, generation, rows)
                with finishing():
                    generations.finish(building, generation)
                    building = None
                    generations.switch(generation, warehouse.stem)
            except (OSError, duckdb.Error) as error:
                text = reason(error) if isinstance(error, duckdb.Error) else str(error)
                raise CheckFailed(f"{folder}: not published, readers keep what they had: {text}") from error
            finally:
                if building is not None:
                    generations.abandon(building)
            removed = generations.prune(keep, now, previous)
    return Published(generation, generations.path(generation), rows, tuple(removed))


@contextmanager
def _attached_read_only(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached read-only as `source`."""
    if not warehouse.is_file():
        raise CheckFailed(f"{warehouse}: no warehouse there; run `dbt build` first. Nothing was published")
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(str(warehouse))} as source (read_only)")
        yield connection
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(f"{warehouse} is being written by {lock_holder(str(error))}; nothing was published") from error
        raise CheckFailed(f"{warehouse} can't be read: {reason(error)}. Nothing was published") from error
    finally:
        connection.close()


def _built_tables(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, only: Collection[str] | None
) -> list[tuple[str, str]]:
    """Schema and name of the tables to publish, sorted."""
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = 'source' and table_schema in (select unnest(?)) order by all",
        [list(SCHEMAS)],
    ).fetchall()
    tables = [
        (schema, name)
        for schema, name in found
        if (schema, name) not in _WITHHELD and (only is None or f"{schema}.{name}" in only)
    ]
    if not any(schema == "marts" for schema, _name in tables):
        raise CheckFailed(f"{warehouse}: no marts there; run `dbt build` first. Nothing was published")
    return tables


def _copy(
    connection: duckdb.DuckDBPyConnection,
    tables: list[tuple[str, str]],
    building: Path,
    stem: str,
    identity: tuple[str, datetime, tuple[str, ...]],
    semantics: Semantics | None,
) -> dict[str, int]:
    """Write the DuckDB file and the Parquet files. Returns the rows of each table, equal in source and both copies.

    `identity` is the row of `audit.generation`: id, time and labels.
    """
    file = building / f"{stem}.duckdb"
    connection.execute(f"attach {literal(str(file))} as target (storage_version {literal(STORAGE_VERSION)})")
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
            raise CheckFailed(f"{schema}.{name}: the copy has a different number of rows than the warehouse ({counts})")
        rows[f"{schema}.{name}"] = counts[f"source.{relation}"]
    _copy_comments(connection, tables)
    if semantics:
        semantics.write_table(connection)
    generation, now, labels = identity
    connection.execute("create schema if not exists target.audit")
    connection.execute(
        "create table target.audit.generation as select ?::varchar as generation_id, ?::varchar as labels,"
        " ?::timestamp as published_at",
        [generation, "; ".join(labels) or None, now.astimezone(UTC).replace(tzinfo=None)],
    )
    connection.execute("checkpoint target")
    connection.execute("detach target")
    if file.with_name(file.name + ".wal").exists():
        raise CheckFailed(f"{file}: not checkpointed")
    return rows


def _copy_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[tuple[str, str]]) -> None:
    """Copy the comments, which `create table as` drops. BI tools show them as descriptions."""
    commented = connection.execute(
        "select schema_name, table_name, null, comment from duckdb_tables()"
        " where database_name = 'source' and comment is not null"
        " union all"
        " select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = 'source' and comment is not null order by all"
    ).fetchall()
    for schema, name, column, comment in commented:
        if (schema, name) in tables:
            relation = f"target.{quoted(schema)}.{quoted(name)}"
            subject = f"column {relation}.{quoted(column)}" if column else f"table {relation}"
            connection.execute(f"comment on {subject} is {literal(comment)}")


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
