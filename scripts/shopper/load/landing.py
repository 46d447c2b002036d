"""From sources to `raw`, whole or not at all: everything is read and checked in a scratch database, then one
transaction replaces what the warehouse held.

In the warehouse afterwards: `raw.<table>` for each table of the mapping (the columns mapped, as text), `landing.loads`
(which content of which file each table came from, when it first did) and `landing.rejects` (lines that no table could
take).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Contract, Table
from shopper.errors import BadInput, CheckFailed, Locked
from shopper.load.columns import PartBuilder, PartSelect
from shopper.load.mapping import FileSource, LoadMapping, QuerySource, files_of
from shopper.load.quality import Uncast, uncast_values
from shopper.load.readers import REJECTS, Readers, ReadSource, reject_lines, unchanged
from shopper.locks import exclusive
from shopper.sql import literal, quoted, reason

SHOWN_REJECTS = 20
_STORAGE_VERSION = "v1.4.0"


@dataclass(frozen=True)
class LandedTable:
    """What became of one table: rows that the mapping gave it, rows that its `where` left out, its columns."""

    name: str
    rows: int
    left_out: int
    columns: tuple[str, ...]
    derived_key: str | None
    uncast: tuple[Uncast, ...]


@dataclass(frozen=True)
class LoadReport:
    """What a load did. `untouched` are raw tables of other loads, `absent` contract tables that raw does not hold."""

    sources: tuple[ReadSource, ...]
    unused_columns: dict[str, tuple[str, ...]]
    tables: tuple[LandedTable, ...]
    rejects: tuple[str, ...]
    untouched: tuple[str, ...]
    absent: tuple[str, ...]


def load(
    mapping: LoadMapping,
    contract: Contract,
    root: Path,
    warehouse: Path,
    *,
    only: tuple[str, ...] = (),
    allowed_rejects: int = 0,
    progress: Callable[[str], None] = lambda _message: None,
) -> LoadReport:
    """Land the mapping's tables (or `only` those) in the warehouse at `warehouse`, which is made where it is absent.

    Raises BadInput for anything wrong with mapping or files, or more than `allowed_rejects` rejected lines; Locked
    when another process has the warehouse; CheckFailed when it can't be written. The warehouse is then as it was.
    """
    tables = [contract.by_name[name] for name in mapping.tables if not only or name in only]
    rules = CastRules(root)
    with exclusive(warehouse.with_name(warehouse.name + ".lock"), "shopper load"), _scratch(warehouse) as scratch:
        connection, folder = scratch
        sources = _read_sources(connection, folder, mapping, [table.name for table in tables], progress)
        _refuse_rejects(connection, sources, allowed_rejects)
        builder = PartBuilder(connection, rules)
        landed = [_land(connection, builder, rules, root, mapping, table, progress) for table in tables]
        for source in sources:
            for file in source.files:
                unchanged(source.name, file)
        progress(f"writing {warehouse}")
        in_raw = _commit(connection, warehouse, mapping, landed, sources)
        rejects = tuple(reject_lines(connection, SHOWN_REJECTS))
    landed_names = {table.name for table in landed}
    return LoadReport(
        tuple(sources),
        _unused_columns(mapping, sources, landed),
        tuple(landed),
        rejects,
        tuple(sorted(in_raw - landed_names)),
        tuple(table.name for table in contract.tables if table.name not in in_raw),
    )


@contextmanager
def _scratch(warehouse: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database and a folder beside the warehouse, gone afterwards; the lock is held, so a leftover is stale."""
    folder = warehouse.with_name(f".{warehouse.stem}.loading")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        connection = duckdb.connect(str(folder / "scratch.duckdb"))
    except (OSError, duckdb.Error) as error:
        raise BadInput(f"{warehouse.parent}: not a writable folder ({error})") from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set memory_limit = ?", [os.environ.get("SHOPPER_MEMORY_LIMIT", "4GB")])
        connection.execute("set temp_directory = ?", [str(folder / "spill")])
        connection.execute("create schema landed")
        yield connection, folder
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def _read_sources(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    mapping: LoadMapping,
    tables: list[str],
    progress: Callable[[str], None],
) -> list[ReadSource]:
    readers = Readers(connection, folder)
    needed = mapping.needed_sources(tables)
    # Every path is looked up before the first file is read.
    paths = {s.name: files_of(s, mapping.path.parent.absolute()) for s in needed if isinstance(s, FileSource)}
    read = []
    for source in needed:
        if isinstance(source, FileSource):
            progress(f"reading {source.name}")
            read.append(readers.read(source, paths[source.name]))
        else:
            _create_query(connection, source)
    return read


def _create_query(connection: duckdb.DuckDBPyConnection, source: QuerySource) -> None:
    try:
        connection.execute(f"create view {quoted(source.name)} as {source.query}")
    except duckdb.Error as error:
        raise BadInput(f"source {source.name}: query: {reason(error)}") from error


def _refuse_rejects(connection: duckdb.DuckDBPyConnection, sources: list[ReadSource], allowed: int) -> None:
    rejected = sum(source.rejects for source in sources)
    if rejected > allowed:
        shown = "\n  ".join(reject_lines(connection, SHOWN_REJECTS))
        more = f"\n  and {rejected - SHOWN_REJECTS} more" if rejected > SHOWN_REJECTS else ""
        raise BadInput(
            f"{rejected} lines can't be read, {allowed} allowed; mend them, or let them wait in landing.rejects with"
            f" --allow-rejects {rejected}\n  {shown}{more}"
        )


def _land(
    connection: duckdb.DuckDBPyConnection,
    builder: PartBuilder,
    rules: CastRules,
    root: Path,
    mapping: LoadMapping,
    table: Table,
    progress: Callable[[str], None],
) -> LandedTable:
    """Make `landed.<table>` in the scratch database."""
    progress(f"mapping {table.name}")
    parts = [builder.select(table, part) for part in mapping.tables[table.name]]
    union = " union all by name ".join(part.query for part in parts)
    present = {column for part in parts for column in part.columns}
    columns = tuple(column.name for column in table.columns if column.name in present)
    try:
        connection.execute(f"create table landed.{table.name} as select {', '.join(columns)} from ({union})")
        left_out = sum(_count(connection, part) for part in parts if part.where)
    except duckdb.OutOfMemoryException as error:
        raise CheckFailed(f"{table.name}: {reason(error)}") from error
    except duckdb.Error as error:
        raise BadInput(f"{_blamed(connection, table, parts)}: {reason(error)}") from error
    key_absent = len(table.keys) == 1 and table.keys[0] not in columns
    return LandedTable(
        table.name,
        _rows(connection, f"landed.{table.name}"),
        left_out,
        columns,
        table.keys[0] if key_absent else None,
        uncast_values(connection, rules, root, table, columns, f"landed.{table.name}"),
    )


def _blamed(connection: duckdb.DuckDBPyConnection, table: Table, parts: list[PartSelect]) -> str:
    """The column whose values fail, found by computing each alone."""
    for part in parts:
        for column in part.columns:
            try:
                connection.execute(f"select count({column}) from ({part.query})")
            except duckdb.Error:
                return f"{table.name}.{column} from source {part.source}"
    return table.name


def _count(connection: duckdb.DuckDBPyConnection, part: PartSelect) -> int:
    """Rows of the part's source that its `where` leaves out."""
    return _rows(connection, f"{quoted(part.source)} where ({part.where}) is not true")


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _unused_columns(
    mapping: LoadMapping, sources: list[ReadSource], landed: list[LandedTable]
) -> dict[str, tuple[str, ...]]:
    """Columns of each file that nothing in the mapping names."""
    names = [table.name for table in landed]
    texts = [source.query for source in mapping.needed_sources(names) if isinstance(source, QuerySource)]
    for table in landed:
        for part in mapping.tables[table.name]:
            made_of = [part.where, *(text for c in part.columns or () for text in (c.column, c.expression))]
            texts += [text for text in made_of if text] + (list(table.columns) if part.columns is None else [])
    named = " ".join(texts).lower()
    words = set(re.findall(r"\w+", named))
    unused = {
        source.name: tuple(
            column for column in source.columns if column.lower() not in (words if column.isidentifier() else named)
        )
        for source in sources
    }
    return {name: columns for name, columns in unused.items() if columns}


def _commit(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    mapping: LoadMapping,
    landed: list[LandedTable],
    sources: list[ReadSource],
) -> set[str]:
    """Replace the tables in one transaction; the result are the names of all tables in raw."""
    is_new = not warehouse.exists()
    try:
        connection.execute(
            f"attach {literal(str(warehouse))} as warehouse (storage_version {literal(_STORAGE_VERSION)})"
        )
        connection.execute("begin")
        connection.execute("create schema if not exists warehouse.raw")
        for table in landed:
            connection.execute(
                f"create or replace table warehouse.raw.{table.name} as select * from landed.{table.name}"
            )
        _write_metadata(connection, mapping, landed, sources)
        connection.execute("commit")
        rows = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'raw'"
        ).fetchall()
        connection.execute("detach warehouse")
    except duckdb.Error as error:
        connection.close()
        if is_new:
            warehouse.unlink(missing_ok=True)
            warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
        if "Could not set lock" in str(error):
            raise Locked(f"{warehouse} is open in another process; nothing changed ({reason(error)})") from error
        raise CheckFailed(f"{warehouse} could not be written; nothing changed: {reason(error)}") from error
    return {row[0] for row in rows}


def _write_metadata(
    connection: duckdb.DuckDBPyConnection, mapping: LoadMapping, landed: list[LandedTable], sources: list[ReadSource]
) -> None:
    """Record where the tables come from. Content that is delivered again keeps the time of its first delivery."""
    connection.execute("create schema if not exists warehouse.landing")
    connection.execute(
        "create table if not exists warehouse.landing.loads (table_name varchar, source varchar, file varchar,"
        " content_digest varchar, bytes bigint, table_rows bigint, loaded_at timestamp)"
    )
    connection.execute(
        "create table if not exists warehouse.landing.rejects (source varchar, file varchar, line bigint,"
        " column_name varchar, error varchar, line_text varchar)"
    )
    connection.execute(
        "create temp table delivered (table_name varchar, source varchar, file varchar, content_digest varchar,"
        " bytes bigint, table_rows bigint)"
    )
    files = {source.name: source.files for source in sources}
    delivered = [
        (table.name, source, str(file.path), file.digest, file.size, table.rows)
        for table in landed
        for source in mapping.files_behind(table.name)
        for file in files[source]
    ]
    connection.executemany("insert into delivered values (?, ?, ?, ?, ?, ?)", delivered)
    connection.execute(
        "delete from warehouse.landing.loads as loads where table_name in (select table_name from delivered)"
        " and (table_name, source, file, content_digest, table_rows) not in"
        " (select (table_name, source, file, content_digest, table_rows) from delivered)"
    )
    connection.execute(
        "insert into warehouse.landing.loads select delivered.*, current_timestamp at time zone 'UTC' from delivered"
        " anti join warehouse.landing.loads as loads using (table_name, source, file, content_digest, table_rows)"
    )
    names = ", ".join(literal(source.name) for source in sources)
    connection.execute(f"delete from warehouse.landing.rejects where source in ({names})")
    connection.execute(f"insert into warehouse.landing.rejects select * from {REJECTS} order by all")
