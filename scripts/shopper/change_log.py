"""The change log: which keys of each raw table are new, changed or removed since the last successful run.

`landing.changed_<table>` holds the keys (as text, as in the input contract) and `change`: new, changed or removed.
`landing.marked_<table>` holds the key and a digest of each row at the last successful run, and `landing.change_log` one
row for each table. Rows are compared, not deliveries, so it does not matter which tool wrote them, and a row that
changed and changed back is no change. Digests cover the contract's columns as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import duckdb
from jinja2 import Environment

from shopper.casts import CastRules
from shopper.contract import Contract, Table
from shopper.sql import literal, quoted, reason

CHANGES: Final = ("new", "changed", "removed")
_LOG: Final = "change_log"
_PREFIXES: Final = ("changed_", "marked_")
_COLUMNS: Final = "table_name varchar, digest varchar, mark varchar, " + ", ".join(f"{one} bigint" for one in CHANGES)


@dataclass(frozen=True)
class KeyChanges:
    """Number of keys of a raw table by change. has_mark: False before the first successful run: all keys are new, and
    they are not counted.
    """

    table: str
    new: int | None
    changed: int
    removed: int
    has_mark: bool


def is_of_change_log(schema: str, table: str) -> bool:
    """Whether a table belongs to the change log."""
    return schema == "landing" and (table == _LOG or table.startswith(_PREFIXES))


class ChangeLog:
    """The change log of an attached database. The caller begins and commits the transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: str, root: Path, rules: CastRules) -> None:
        """`root` is the project, whose macro derives the keys of tables without a key column."""
        self._connection = connection
        self._landing = f"{quoted(database)}.landing"
        self._raw = f"{quoted(database)}.raw"
        self._database = database
        self._root = root
        self._rules = rules
        self._columns: dict[str, list[str]] = {}

    def compare(self, tables: Iterable[Table]) -> None:
        """Write the changed keys of these tables. A table that raw does not have has no rows."""
        self._begin()
        for table in tables:
            digest, before = self._digest(table), self._entry(table.name)
            if digest is None and before is None:
                continue
            if before is None or before[0] != digest:
                self._compare(table, digest, before[1] if before else None)

    def move_mark(self, tables: Iterable[Table]) -> None:
        """Make the present rows those of the last successful run, if they are the ones that were last compared. If
        something changed them since, it can't be known which of them the run read: all keys are new then.
        """
        self._begin()
        for table in tables:
            digest, before = self._digest(table), self._entry(table.name)
            if before is None or before[:2] == (digest, digest):
                continue
            marked = f"{self._landing}.marked_{table.name}"
            if before[0] == digest and digest is not None:
                self._connection.execute(f"create or replace table {marked} as {self._rows(table)}")
                self._compare(table, digest, digest)
            else:
                self._connection.execute(f"drop table if exists {marked}")
                self._compare(table, digest, None)

    def counts(self) -> tuple[KeyChanges, ...]:
        """The number of changed keys by table, as last compared."""
        if not self._exists("landing", _LOG):
            return ()
        found = self._connection.execute(
            f"select table_name, {', '.join(CHANGES)}, mark is not null from {self._landing}.{_LOG} order by table_name"
        ).fetchall()
        return tuple(KeyChanges(*row) for row in found)

    def _begin(self) -> None:
        """Create the log, and read which columns the raw tables have."""
        self._connection.execute(f"create schema if not exists {self._landing}")
        self._connection.execute(f"create table if not exists {self._landing}.{_LOG} ({_COLUMNS})")
        self._columns = dict(
            self._connection.execute(
                "select table_name, list(column_name order by column_index) from duckdb_columns()"
                f" where schema_name = 'raw' and database_name = {literal(self._database)} group by table_name"
            ).fetchall()
        )

    def _entry(self, table: str) -> tuple[str | None, str | None] | None:
        """The digest of the table's rows when they were last compared, and that of the rows at the last run."""
        return self._connection.execute(
            f"select digest, mark from {self._landing}.{_LOG} where table_name = {literal(table)}"
        ).fetchone()

    def _digest(self, table: Table) -> str | None:
        """A digest of the rows of a raw table in any order, None if there is no such table."""
        if not self._present(table):
            return None
        number, total = self._connection.execute(
            f"select count(*), sum({self._row_digest(table)}) from {self._raw}.{table.name}"
        ).fetchone() or (0, None)
        columns = [name for name in table.keys if name in self._present(table)]
        return f"{number} {total} {','.join(columns)} {duckdb.__version__}"

    def _compare(self, table: Table, digest: str | None, mark: str | None) -> None:
        """Write the changed keys of a table and their numbers. Without a mark, all keys are new: a view shows them."""
        keys = ", ".join(table.keys)
        cleaned = ", ".join(f"{self._rules.clean(key)} as {key}" for key in table.keys)
        known = " and ".join(["true", *(f"{c.name} is not null" for c in table.columns if c.presence == "key")])
        changed = f"{self._landing}.changed_{table.name}"
        self._drop(f"changed_{table.name}")
        if mark is None and digest is not None:
            query = f"select distinct {cleaned}, 'new' as change from ({self._rows(table)})"
            self._connection.execute(f"create view {changed} as select * from ({query}) where {known}")
        else:
            query = self._difference(table, digest, mark, cleaned)
            self._connection.execute(
                f"""create table {changed} as
                select
                    {keys},
                    case when min(present) = 1 then 'new' when max(present) = -1 then 'removed' else 'changed' end
                        as change
                from ({query}) where {known} group by {keys}"""
            )
        counts = ", ".join(f"count(*) filter (where change = '{one}')" for one in CHANGES)
        counted = f"select {counts} from {changed}" if mark is not None else "select null, 0, 0"
        log = f"{self._landing}.{_LOG}"
        entry = ", ".join("null" if value is None else literal(value) for value in (table.name, digest, mark))
        self._connection.execute(f"delete from {log} where table_name = {literal(table.name)}")
        self._connection.execute(f"insert into {log} select {entry}, counted.* from ({counted}) as counted")

    def _difference(self, table: Table, digest: str | None, mark: str | None, cleaned: str) -> str:
        """SQL of the rows, present (1) and marked (-1), of all keys whose rows differ."""
        keys = ", ".join(table.keys)
        no_keys = ", ".join(f"cast(null as varchar) as {key}" for key in table.keys)
        here = there = f"select {no_keys}, 0::ubigint as row_digest where false"
        if digest != mark:
            here = self._rows(table) if digest is not None else here
            there = f"from {self._landing}.marked_{table.name}"
        return f"""
            with both_rows as (
                select {keys}, hash({keys}) as key_digest, row_digest, 1 as present from ({here})
                union all
                select {keys}, hash({keys}), row_digest, -1 from ({there})
            ),
            changed_digests as (
                select key_digest from both_rows group by key_digest
                having sum(present) <> 0 or sum(present * row_digest::hugeint) <> 0
            )
            select {cleaned}, present from both_rows where key_digest in (select key_digest from changed_digests)"""

    def _drop(self, name: str) -> None:
        kind = "table" if self._exists("landing", name) else "view"
        self._connection.execute(f"drop {kind} if exists {self._landing}.{name}")

    def _rows(self, table: Table) -> str:
        """SQL of the key and the digest of each row of a raw table."""
        present = self._present(table)
        absent = self._derived(table) if len(table.keys) == 1 else "cast(null as varchar)"
        keys = (f"{f'cast({present[key]} as varchar)' if key in present else absent} as {key}" for key in table.keys)
        digest = f"{self._row_digest(table)} as row_digest"
        return f"select {', '.join(keys)}, {digest} from {self._raw}.{table.name} as landed_row"

    def _row_digest(self, table: Table) -> str:
        present = self._present(table)
        values = (f"cast({present[c.name]} as varchar)" if c.name in present else "null" for c in table.columns)
        return f"hash({', '.join(values)})"

    def _derived(self, table: Table) -> str:
        """SQL of the key that staging derives for a row without one."""
        environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)
        environment.globals["dbt"] = SimpleNamespace(type_string=lambda: "varchar")
        macro = (self._root / "macros" / "contract" / "derived_key.sql").read_text(encoding="utf-8")
        names = [column.name for column in table.columns]
        module: Any = environment.from_string(macro).module
        return str(module.derived_key("landed_row", names, self._present(table))).strip()

    def _present(self, table: Table) -> dict[str, str]:
        """Name to quoted name of the contract columns that a raw table has."""
        names = self._columns.get(table.name, [])
        return {name.lower(): quoted(name) for name in names if name.lower() in table.by_name}

    def _exists(self, schema: str, table: str) -> bool:
        found = self._connection.execute(
            f"select count(*) from duckdb_tables() where database_name = {literal(self._database)}"
            f" and schema_name = {literal(schema)} and table_name = {literal(table)}"
        ).fetchone()
        return bool(found and found[0])


def move_mark_after_build(warehouse: Path, contract: Contract, root: Path) -> str | None:
    """Move the mark of all raw tables, if the last build in a warehouse was whole, tested, without failures, and of the
    landed data. Returns why it could not be moved: the log then still counts from the run before.
    """
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            finished = connection.execute(
                "select count(*) from landing.last_build where command = 'build' and raw_data = 'source' and is_whole"
                " and failures = 0"
            ).fetchone()
        if finished == (1,):
            with duckdb.connect(str(warehouse)) as connection:
                connection.execute("begin")
                ChangeLog(connection, warehouse.stem, root, CastRules(root)).move_mark(contract.tables)
                connection.execute("commit")
    except duckdb.Error as error:
        return f"the change log still counts from the run before: {reason(error)}"
    return None


def has_changes(warehouse: Path) -> bool:
    """Whether the change log of a warehouse, as it was compared last, has a table that differs from its mark."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            found = connection.execute(
                f"select count(*) from landing.{_LOG} where digest is distinct from mark"
            ).fetchone()
        except duckdb.CatalogException:
            return False
    return bool(found and found[0])


def compare_all(warehouse: Path, contract: Contract, root: Path) -> tuple[KeyChanges, ...]:
    """Compare all raw tables of a warehouse, whichever tool wrote them. Returns the number of changed keys by table."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("begin")
        log = ChangeLog(connection, warehouse.stem, root, CastRules(root))
        log.compare(contract.tables)
        counts = log.counts()
        connection.execute("commit")
    return counts
