"""Rewrites the working file without the rows of erased people.

A deleted row can leave its bytes in a database file, so the rows that stay are copied to a new file. Tables built by
dbt are not copied; the next run rebuilds them.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.change_log import is_of_change_log
from shopper.contract import Contract
from shopper.erasure.erasures import ERASURES, SALT, contract_tables, count_forgotten, has_erasures, keep_out
from shopper.erasure.people import PEOPLE, find_people, no_people
from shopper.errors import BadInput, CheckFailed, Locked
from shopper.file_keys import count_by_file
from shopper.sql import STORAGE_VERSION, is_lock_conflict, literal, lock_holder, quoted, reason

_BUILT: Final = frozenset({"sample", "reference", "staging", "intermediate", "marts", "semantic", "audit", "keys"})
_ABOUT_BUILT: Final = ("fingerprints", "last_run")
_WORD: Final = "[^0-9A-Za-z]"


@dataclass(frozen=True)
class Erased:
    """What was erased: accounts, and rows by raw table. `untouched`: tables outside the contract, copied unchanged."""

    accounts: tuple[str, ...]
    rows: dict[str, int]
    untouched: tuple[str, ...]


def rewrite_without(
    warehouse: Path, contract: Contract, rules: CastRules, customers: tuple[str, ...], *, dry_run: bool = False
) -> Erased:
    """Replace the warehouse by a file with its raw and landing tables, without the rows of these customers and of
    everyone erased before.

    The caller must hold the lock of the warehouse. Raises BadInput for unknown ids and for raw tables that are views,
    Locked if another process has the file open, CheckFailed if it can't be read or written. After an error, and with
    `dry_run`, nothing has changed.
    """
    warehouse = warehouse.resolve()  # of a link, the file itself is replaced
    fresh = _fresh(warehouse)
    with _copying(warehouse, fresh) as connection:
        untouched = _copy(connection, contract)
        tables = contract_tables(connection, "fresh", contract)
        accounts = (
            find_people(connection, "fresh.raw", tables, rules, customers) if customers else no_people(connection)
        )
        _record_people(connection)
        rows = {table.name: keep_out(connection, "fresh", f"fresh.raw.{table.name}", table, rules) for table in tables}
        _clean_landing(connection, {name for name, deleted in rows.items() if deleted})
        if not dry_run:
            # The blocks of this file still contain the deleted rows, so the final file is copied from it.
            _compact(connection, fresh)
    if dry_run:
        _remove(fresh)
    else:
        compacted = _compacted(fresh)
        compacted.replace(warehouse)
        _remove(fresh)
    return Erased(accounts, {name: deleted for name, deleted in rows.items() if deleted}, untouched)


def keep_out_of_raw(warehouse: Path, contract: Contract, rules: CastRules) -> int:
    """Rewrite the working file if its raw tables hold rows of erased people, which a tool other than the loader can
    deliver again. Returns the number of rows removed. Raises the errors of `rewrite_without`.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        database = warehouse.stem
        tables = contract_tables(connection, database, contract)
        found = sum(count_forgotten(connection, database, f"raw.{table.name}", table, rules) for table in tables)
    if found:
        rewrite_without(warehouse, contract, rules, ())
    return found


def remove_copies(warehouse: Path) -> None:
    """Remove temporary files that a killed erasure or load left beside the warehouse: they may contain the customer.

    The caller must hold the lock of the warehouse.
    """
    _remove(_fresh(warehouse.resolve()))
    shutil.rmtree(warehouse.with_name(f".{warehouse.stem}.loading"), ignore_errors=True)


def _fresh(warehouse: Path) -> Path:
    return warehouse.with_name(f".{warehouse.stem}.forgetting")


@contextmanager
def _copying(warehouse: Path, fresh: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not warehouse.is_file():
        raise BadInput(f"{warehouse}: no warehouse there")
    _remove(fresh)
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        if warehouse.with_name(warehouse.name + ".wal").exists():
            # A leftover write-ahead log would be replayed into the new file, with the erased rows.
            connection.execute(f"attach {literal(str(warehouse))} as shop")
            connection.execute("checkpoint shop")
            connection.execute("detach shop")
        connection.execute(f"attach {literal(str(warehouse))} as shop (read_only)")
        connection.execute(f"attach {literal(str(fresh))} as fresh (storage_version {literal(STORAGE_VERSION)})")
        yield connection
    except duckdb.Error as error:
        connection.close()
        _remove(fresh)
        if is_lock_conflict(str(error)):
            raise Locked(f"{warehouse} is open in {lock_holder(str(error))}; nothing changed") from error
        raise CheckFailed(f"{warehouse} could not be rewritten; nothing changed: {reason(error)}") from error
    except BaseException:
        connection.close()
        _remove(fresh)
        raise
    finally:
        connection.close()


def _copy(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[str, ...]:
    """Copy the tables that dbt did not build. Returns the names of tables outside the contract, copied unchanged."""
    views = connection.execute(
        "select view_name from duckdb_views() where database_name = 'shop' and schema_name = 'raw' and not internal"
    ).fetchall()
    if views:
        names = ", ".join(f"raw.{name}" for (name,) in views)
        raise BadInput(f"{names}: a view has no rows of its own; erase the customer in the tables that it reads")
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'shop' order by all"
    ).fetchall()
    # The change log contains keys. Without it, all keys are new at the next run. The others are about built tables.
    left = {("landing", name) for name in _ABOUT_BUILT}
    kept = [
        (schema, name)
        for schema, name in found
        if schema not in _BUILT and (schema, name) not in left and not is_of_change_log(schema, name)
    ]
    for schema in {schema for schema, _name in kept}:
        connection.execute(f"create schema if not exists fresh.{quoted(schema)}")
    for schema, name in kept:
        relation = f"{quoted(schema)}.{quoted(name)}"
        connection.execute(f"create table fresh.{relation} as select * from shop.{relation}")
    known = {("raw", table.name) for table in contract.tables}
    return tuple(f"{schema}.{name}" for schema, name in kept if schema != "landing" and (schema, name) not in known)


def _record_people(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the digests of the people found to the erasures."""
    connection.execute("create schema if not exists fresh.landing")
    if not has_erasures(connection, "fresh"):
        connection.execute(
            f"create table fresh.{ERASURES} (kind varchar, digest varchar, erased_at timestamp, completed_at timestamp)"
        )
        connection.execute(f"create table fresh.{SALT} as select {literal(secrets.token_hex(16))} as salt")
    connection.execute(
        f"insert into fresh.{ERASURES} select kind, sha256((select salt from fresh.{SALT}) || id),"
        f" current_timestamp at time zone 'UTC', null from {PEOPLE} order by all"
    )


def _clean_landing(connection: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Delete rejected lines that contain their ids, and update the row counts with which a load detects changes."""
    held = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'fresh' and schema_name = 'landing'"
        ).fetchall()
    }
    if "rejects" in held:
        connection.execute(
            f"delete from fresh.landing.rejects as rejects where exists (select 1 from {PEOPLE} as people where"
            f" regexp_matches(concat_ws(' ', rejects.line_text, rejects.error), '(^|{_WORD})' ||"
            f" regexp_escape(people.id) || '($|{_WORD})'))"
        )
    for name in sorted(changed if "tables" in held else ()):
        connection.execute(
            f"update fresh.landing.tables set table_rows = (select count(*) from fresh.raw.{name})"
            f" where table_name = {literal(name)}"
        )
        count_by_file(connection, "fresh", name)


def _compacted(fresh: Path) -> Path:
    return fresh.with_name(fresh.name + ".compacted")


def _compact(connection: duckdb.DuckDBPyConnection, fresh: Path) -> None:
    connection.execute(
        f"attach {literal(str(_compacted(fresh)))} as compacted (storage_version {literal(STORAGE_VERSION)})"
    )
    connection.execute("copy from database fresh to compacted")
    connection.execute("detach compacted")


def _remove(fresh: Path) -> None:
    for path in (fresh, _compacted(fresh)):
        for name in (path.name, path.name + ".wal"):
            path.with_name(name).unlink(missing_ok=True)
