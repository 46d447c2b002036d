"""Load sources into the schema `raw`, all or nothing: everything is read and checked in a scratch database, then one
transaction replaces the tables in the warehouse. Tables unchanged since the last load are not written.

Afterwards the warehouse has `raw.<table>` for each table of the mapping (the mapped columns, as text), and its history
in the schema `landing` (see `shopper.load.history`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.contract import Contract
from shopper.erasure.erasures import copy_erasures
from shopper.errors import BadInput, CheckFailed, Locked, ShopperError
from shopper.load.deliveries import ReadSource
from shopper.load.history import History, TableRecord, read_history, write_history
from shopper.load.lander import SHOWN_REJECTS, LandedTable, Lander, LanderResult
from shopper.load.mapping import LoadMapping
from shopper.load.readers import REJECTS, reject_lines
from shopper.load.usage import unused_columns
from shopper.locks import warehouse_lock
from shopper.sql import STORAGE_VERSION, is_lock_conflict, literal, lock_holder, reason


@dataclass(frozen=True)
class LoadReport:
    """Result of a load. `sources`: those that were read; `changes`: columns that changed since the last load;
    `untouched`: raw tables of other loads; `absent`: contract tables that raw does not have.
    """

    sources: tuple[ReadSource, ...]
    unused_columns: dict[str, tuple[str, ...]]
    tables: tuple[LandedTable, ...]
    rejects: tuple[str, ...]
    changes: tuple[str, ...]
    untouched: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was written because no table changed since the last load."""
        return all(table.is_unchanged for table in self.tables)


def load(
    mapping: LoadMapping,
    contract: Contract,
    root: Path,
    warehouse: Path,
    *,
    only: tuple[str, ...] = (),
    allowed_rejects: int = 0,
    accept_drift: bool = False,
    progress: Callable[[str], None] = lambda _message: None,
) -> LoadReport:
    """Load the tables of the mapping (with `only`, just those) into the DuckDB file `warehouse`, created if absent.

    Raises BadInput for invalid mapping or files, for more than `allowed_rejects` rejected lines, and for source columns
    that changed since the last load (unless `accept_drift`); Locked if another process has the warehouse; CheckFailed
    if it can't be written. After an error the warehouse is unchanged.
    """
    tables = [contract.by_name[name] for name in mapping.tables if not only or name in only]
    with warehouse_lock(warehouse, "shopper load"), scratch(warehouse) as opened:
        connection, folder = opened
        history = _history(connection, warehouse)
        lander = Lander(connection, folder, mapping, root, history, progress)
        read = lander.land(tables, allowed_rejects=allowed_rejects, accept_drift=accept_drift)
        new = [table for table in read.tables if not table.is_unchanged]
        if new:
            progress(f"writing {warehouse}")
            _commit(connection, warehouse, mapping, read, new)
        rejects = tuple(reject_lines(connection, SHOWN_REJECTS))
    names = {table.name for table in read.tables}
    return LoadReport(
        read.sources,
        unused_columns(mapping, contract, read.sources, [table.name for table in new]),
        read.tables,
        rejects,
        tuple(dict.fromkeys(change for shape in read.shapes.values() for change in shape.changes)),
        tuple(sorted(history.in_raw - names)),
        tuple(table.name for table in contract.tables if table.name not in history.in_raw | names),
    )


@contextmanager
def scratch(warehouse: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A temporary database and folder beside the warehouse. Requires the lock, so that any leftover is stale."""
    folder = warehouse.with_name(f".{warehouse.stem}.loading")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        connection = duckdb.connect(str(folder / "scratch.duckdb"))
    except (OSError, duckdb.Error) as error:
        raise BadInput(f"{warehouse.parent}: not a writable folder ({error})") from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = {literal(os.environ.get('SHOPPER_MEMORY_LIMIT', '4GB'))}")
        connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
        yield connection, folder
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def _history(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> History:
    if not warehouse.exists():
        return History()
    try:
        connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        history = read_history(connection)
        copy_erasures(connection, "warehouse", "scratch")
        connection.execute("detach warehouse")
    except duckdb.Error as error:
        raise _failure(warehouse, error) from error
    return history


def _commit(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    mapping: LoadMapping,
    read: LanderResult,
    new: list[LandedTable],
) -> None:
    """Replace the changed tables in one transaction."""
    is_new = not warehouse.exists()
    try:
        connection.execute(
            f"attach {literal(str(warehouse))} as warehouse (storage_version {literal(STORAGE_VERSION)})"
        )
        connection.execute("begin")
        connection.execute("create schema if not exists warehouse.raw")
        for table in new:
            connection.execute(
                f"create or replace table warehouse.raw.{table.name} as select * from landed.{table.name}"
            )
        landings = [_record(mapping, read, table) for table in new]
        write_history(connection, landings, [source.name for source in read.sources], REJECTS)
        connection.execute("commit")
        connection.execute("detach warehouse")
    except duckdb.Error as error:
        connection.close()
        if is_new:
            warehouse.unlink(missing_ok=True)
            warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
        raise _failure(warehouse, error) from error


def _record(mapping: LoadMapping, read: LanderResult, table: LandedTable) -> TableRecord:
    files = {source.name: source.files for source in read.sources}
    return TableRecord(
        table.name,
        table.digest,
        table.rows,
        tuple(
            (source.name, file.name, file.digest, file.size)
            for source in mapping.stored_behind(table.name)
            for file in files[source.name]
        ),
        read.shapes[table.name].kinds,
        table.spans,
    )


def _failure(warehouse: Path, error: duckdb.Error) -> ShopperError:
    if is_lock_conflict(str(error)):
        return Locked(f"{warehouse} is open in {lock_holder(str(error))}; nothing changed")
    return CheckFailed(f"{warehouse} could not be opened or written; nothing changed: {reason(error)}")
