"""Writes a load into the warehouse: its tables, its history and the change log, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.change_log import ChangeLog, KeyChanges
from shopper.contract import Contract
from shopper.errors import CheckFailed, Locked, ShopperError
from shopper.file_keys import FILE_KEY
from shopper.load.history import History, TableRecord
from shopper.load.lander import LanderResult
from shopper.load.recording import create_landing, write_history, write_names
from shopper.load.scanning import REJECTS
from shopper.load.table_landing import LandedTable
from shopper.sql import STORAGE_VERSION, is_lock_conflict, literal, lock_holder, reason

# Bytes of unchanged files that a load may digest again each time. Beyond, it writes their stamps although no table
# changed.
_MOST_DIGESTED_AGAIN: Final = 64 * 1024 * 1024


def is_slow_to_know(history: History, read: LanderResult) -> bool:
    """Whether many bytes had to be read to find that their content is the same."""
    digested = 0
    for delivery in read.deliveries:
        known = history.stamps.get(delivery.source, {})
        digested += sum(stamp.size for path, stamp in delivery.stamps.items() if stamp != known.get(path))
    return digested > _MOST_DIGESTED_AGAIN


def commit(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    contract: Contract,
    root: Path,
    history: History,
    read: LanderResult,
) -> tuple[KeyChanges, ...]:
    """Replace the changed tables, or the rows of changed files in them. Returns the keys changed since the last run.

    Raises Locked if another process has the warehouse, CheckFailed if it can't be written.
    """
    is_new = not warehouse.exists()
    tables = [table for table in read.tables if not table.is_unchanged]
    try:
        connection.execute(
            f"attach {literal(str(warehouse))} as warehouse (storage_version {literal(STORAGE_VERSION)})"
        )
        connection.execute("begin")
        connection.execute("create schema if not exists warehouse.raw")
        create_landing(connection)
        write_names(connection, history, read.deliveries)
        for table in tables:
            _write(connection, table)
        landings = [_record(read, table) for table in tables]
        write_history(connection, landings, [source.name for source in read.sources], REJECTS)
        change_log = ChangeLog(connection, "warehouse", root, CastRules(root))
        change_log.compare(contract.by_name[table.name] for table in tables)
        key_changes = change_log.counts()
        connection.execute("commit")
        connection.execute("detach warehouse")
    except duckdb.Error as error:
        connection.close()
        if is_new:
            warehouse.unlink(missing_ok=True)
            warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
        raise failure_of(warehouse, error) from error
    return key_changes


def failure_of(warehouse: Path, error: duckdb.Error) -> ShopperError:
    """The error of a warehouse that can't be opened or written."""
    if is_lock_conflict(str(error)):
        return Locked(f"{warehouse} is open in {lock_holder(str(error))}; nothing changed")
    return CheckFailed(f"{warehouse} could not be opened or written; nothing changed: {reason(error)}")


def _write(connection: duckdb.DuckDBPyConnection, table: LandedTable) -> None:
    relation = f"warehouse.raw.{table.name}"
    if table.is_unknown:
        connection.execute(f"drop table if exists {relation}")
        return
    if table.append is None or not table.append.kept_rows:
        connection.execute(f"create or replace table {relation} as select * from landed.{table.name}")
        return
    gone = ", ".join(literal(file.key) for file in table.append.gone)
    if gone:
        connection.execute(f"delete from {relation} where {FILE_KEY} in ({gone})")
    connection.execute(f"insert into {relation} by name select * from landed.{table.name}")


def _record(read: LanderResult, table: LandedTable) -> TableRecord:
    kinds = read.shapes[table.name].kinds
    return TableRecord(table.name, table.digest, table.rows, table.files, kinds, table.spans, table.file_spans)
