"""Publish the working warehouse as a generation: copy, verify, then switch the link."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from shopper.errors import BadInput, CheckFailed, Locked
from shopper.locks import publish_lock
from shopper.publish.copies import Identity, copy_tables
from shopper.publish.generations import Generations, Keep
from shopper.publish.lake import write_lake
from shopper.publish.last_build import require_finished_build
from shopper.publish.semantics import read_semantics
from shopper.sql import is_lock_conflict, literal, lock_holder, reason
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
    ducklake: bool = False,
    artifacts: Path | None = None,
    labels: Sequence[str] = (),
    complete: Callable[[Path, str, dict[str, int]], None] | None = None,
) -> Published:
    """Publish the built tables of `warehouse` into `folder`, and keep older generations according to `keep`.

    only: tables to publish, such as `marts.orders`; None publishes all. whole_build: publish only if the file holds one
    finished, tested build of its own data; a run that has just built it knows. ducklake: also write a DuckLake catalog.
    artifacts: dbt's target folder, from which descriptions and the catalogue of metrics are made. labels: warnings
    about the data, stored with the generation. complete: called before the generation becomes visible, with its folder,
    its id and its rows by table; it may add files.

    Raises CheckFailed if something can't be read or written, Locked if another process publishes or writes the
    warehouse, BadInput if nothing is built or the folder can't be used. After an error readers keep the previous
    generation.
    """
    with _attached_read_only(warehouse) as connection:
        tables = _built_tables(connection, warehouse, only)
        if whole_build:
            require_finished_build(warehouse, connection)
        semantics = read_semantics(artifacts, tables)
        if semantics and ("audit", "reporting_settings") in tables:
            settings = connection.execute("select reporting_currency from source.audit.reporting_settings").fetchall()
            semantics = semantics.in_currency(settings[0][0]) if settings else semantics
        generations = Generations(folder)
        generations.require_own(warehouse.stem)  # before the lock makes the folder
        with publish_lock(folder, "shopper publish"):
            generations.require_own(warehouse.stem)
            previous = generations.current()
            building: Path | None = None
            try:
                generation = generations.next_id(now)
                building = generations.begin(generation)
                identity = Identity(generation, now, tuple(labels))
                rows = copy_tables(connection, tables, building, warehouse.stem, identity, semantics)
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
                if ducklake:
                    write_lake(building, generations.path(generation), warehouse.stem)
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
        raise BadInput(f"{warehouse}: no warehouse there; run `dbt build` first. Nothing was published")
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
        raise BadInput(f"{warehouse}: no marts there; run `dbt build` first. Nothing was published")
    return tables
