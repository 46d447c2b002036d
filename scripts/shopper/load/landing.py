"""Load sources into the schema `raw`, all or nothing: everything is read and checked in a scratch database, then one
transaction replaces the tables in the warehouse, or the rows of changed files in them. Tables unchanged since the last
load are not written.

Afterwards the warehouse has `raw.<table>` for each table of the mapping (the mapped columns, as text, and the key of
each row's file where rows are kept by file), and its history in the schema `landing` (see `shopper.load.history`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.change_log import ChangeLog, KeyChanges
from shopper.contract import Contract
from shopper.erasure.erasures import copy_erasures
from shopper.errors import BadInput, not_written
from shopper.load.appending import NeedsWhole
from shopper.load.committing import commit, failure_of, is_slow_to_know
from shopper.load.deliveries import ReadSource
from shopper.load.history import History, read_history
from shopper.load.lander import SHOWN_REJECTS, Lander
from shopper.load.mapping import LoadMapping
from shopper.load.scanning import reject_lines
from shopper.load.table_landing import LandedTable
from shopper.load.usage import unused_columns
from shopper.locks import warehouse_lock
from shopper.sql import literal


@dataclass(frozen=True)
class LoadReport:
    """Result of a load. `sources`: those that were read; `changes`: columns that changed since the last load;
    `key_changes`: of the tables, since the last successful run; `untouched`: raw tables of other loads; `absent`:
    contract tables that raw does not have.
    """

    sources: tuple[ReadSource, ...]
    unused_columns: dict[str, tuple[str, ...]]
    tables: tuple[LandedTable, ...]
    rejects: tuple[str, ...]
    changes: tuple[str, ...]
    key_changes: tuple[KeyChanges, ...]
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
    whole: dict[str, str] = {}
    with warehouse_lock(warehouse, "shopper load"):
        while True:
            with scratch(warehouse) as (connection, folder):
                history, key_changes = _history(connection, warehouse, root)
                lander = Lander(connection, folder, mapping, root, history, progress, whole, warehouse)
                try:
                    read = lander.land(tables, allowed_rejects=allowed_rejects, accept_drift=accept_drift)
                except NeedsWhole as error:
                    whole |= error.tables
                    continue
                except BadInput:
                    if not lander.appends:
                        raise
                    # What is wrong is said as a load of all files says it.
                    whole |= dict.fromkeys(lander.appends, "a file of it can't be loaded alone")
                    continue
                new = [table for table in read.tables if not table.is_unchanged]
                if new or is_slow_to_know(history, read):
                    progress(f"writing {warehouse}")
                    key_changes = commit(connection, warehouse, contract, root, history, read)
                rejects = tuple(reject_lines(connection, SHOWN_REJECTS))
                break
    names = {table.name for table in read.tables if not table.is_unknown}
    kept = history.in_raw - {table.name for table in read.tables}
    return LoadReport(
        read.sources,
        unused_columns(mapping, contract, read.sources, [table.name for table in new]),
        read.tables,
        rejects,
        tuple(dict.fromkeys(change for shape in read.shapes.values() for change in shape.changes)),
        tuple(one for one in key_changes if one.table in names),
        tuple(sorted(kept)),
        tuple(table.name for table in contract.tables if table.name not in kept | names),
    )


@contextmanager
def scratch(warehouse: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A temporary database and folder beside the warehouse. Requires the lock, so that any leftover is stale.

    Raises BadInput if the place can't be written, CheckFailed if it has no room.
    """
    folder = warehouse.with_name(f".{warehouse.stem}.loading")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        connection = duckdb.connect(str(folder / "scratch.duckdb"))
    except OSError as error:
        raise not_written(warehouse.parent, error) from error
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise failure_of(folder, error) from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = {literal(os.environ.get('SHOPPER_MEMORY_LIMIT', '4GB'))}")
        connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
        yield connection, folder
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def _history(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, root: Path
) -> tuple[History, tuple[KeyChanges, ...]]:
    """The history of loads, and the keys changed since the last successful run."""
    if not warehouse.exists():
        return History(), ()
    try:
        connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        history = read_history(connection)
        key_changes = ChangeLog(connection, "warehouse", root, CastRules(root)).counts()
        copy_erasures(connection, "warehouse", "scratch")
        connection.execute("detach warehouse")
    except duckdb.Error as error:
        raise failure_of(warehouse, error) from error
    return history, key_changes
