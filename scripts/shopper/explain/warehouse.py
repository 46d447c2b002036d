"""The file that is explained: a working warehouse with all models, or a published file with marts, seeds and audit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper import published
from shopper.errors import BadInput, Locked
from shopper.sql import is_lock_conflict, literal, lock_holder, quoted, reason

_NAME: Final = re.compile(r"\$(\w+)")
_RELATION: Final = re.compile(r"\b((?:marts|intermediate|staging|reference|audit)\.\w+)")


@contextmanager
def read_only(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can neither write nor read other files. Raises Locked if a process
    writes the file, BadInput if it can't be opened.
    """
    if not file.is_file():
        raise BadInput(f"{file}: no such file; run `make build` or `shopper run` first")
    try:
        connection = published.read_only(file)
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(
                f"{file}: {lock_holder(str(error))} is writing it; wait, or explain the published file (--published)"
            ) from error
        raise BadInput(f"{file}: {reason(error)}") from error
    with connection:
        yield connection


class Warehouse:
    """Queries on an open file. Nothing is written but temporary tables, in memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        found = connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables()"
            " where database_name = current_database()"
            " union all select schema_name || '.' || view_name, comment from duckdb_views()"
            " where database_name = current_database() and not internal"
        ).fetchall()
        self._comments = {str(name): comment or "" for name, comment in found}
        self._answers: dict[str, list[dict[str, Any]]] = {}
        self._kept: dict[str, str] = {}
        self._flags: Mapping[str, bool] | None = None

    def has(self, relation: str) -> bool:
        """Whether a table or view is there, by `schema.name`."""
        return relation in self._comments

    def missing(self, sql: str) -> list[str]:
        """The relations that a query reads and the file lacks."""
        return [one for one in relations_of(sql) if not self.has(one)]

    def comment(self, relation: str) -> str:
        """The description of a relation; empty without one."""
        return self._comments.get(relation, "")

    def names(self, schema: str) -> list[str]:
        """The relations of a schema, sorted."""
        return sorted(one.split(".")[1] for one in self._comments if one.startswith(f"{schema}."))

    def columns(self, relation: str) -> Mapping[str, str]:
        """Columns of a relation in order, with their descriptions."""
        schema, table = relation.split(".")
        found = self.connection.execute(
            "select column_name, comment from duckdb_columns() where database_name = current_database()"
            " and schema_name = ? and table_name = ? order by column_index",
            [schema, table],
        ).fetchall()
        return {str(name): comment or "" for name, comment in found}

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query, each by column name. The same query is asked once, since nothing changes meanwhile."""
        if sql not in self._answers:
            result = self.connection.execute(sql)
            names = [column[0] for column in result.description or ()]
            self._answers[sql] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return self._answers[sql]

    def kept(self, sql: str) -> str:
        """The name of a temporary table with the rows of a costly query, which several others read."""
        if sql not in self._kept:
            self._kept[sql] = f"temp.explained_{len(self._kept)}"
            self.connection.execute(f"create or replace temporary table {self._kept[sql]} as from {sql}")
        return self._kept[sql]

    def forget(self) -> None:
        """Drop the temporary tables."""
        for name in self._kept.values():
            self.connection.execute(f"drop table if exists {name}")
        self._kept.clear()

    def value(self, sql: str) -> Any:
        """The only value of a query with one row."""
        return next(iter(self.rows(sql)[0].values()))

    def flags(self) -> Mapping[str, bool]:
        """Which inputs the shop lands: `has_orders` and others. A published file knows only tables."""
        if self._flags is None:
            self._flags = self._read_flags()
        return self._flags

    def _read_flags(self) -> Mapping[str, bool]:
        flags: dict[str, bool] = {}
        if self.has("marts.refunds"):
            flags["has_refund_evidence"] = bool(self.value("select count(*) > 0 from marts.refunds"))
        if self.has("intermediate.int_inputs_present"):
            return {**flags, **self.rows("select * from intermediate.int_inputs_present")[0]}
        if self.has("audit.row_ledger"):
            ledger = self.rows("select table_name, staged > 0 as is_there from audit.row_ledger")
            flags |= {f"has_{row['table_name']}": bool(row["is_there"]) for row in ledger}
            flags["has_traffic"] = flags.get("has_sessions", False) or flags.get("has_events", False)
        return flags


def relations_of(sql: str) -> tuple[str, ...]:
    """The relations that a query names, in their order, each once."""
    return tuple(dict.fromkeys(_RELATION.findall(sql)))


def names_in(sql: str) -> tuple[str, ...]:
    """The names in a query that stand for values, each once."""
    return tuple(dict.fromkeys(_NAME.findall(sql)))


def filled(sql: str, values: Mapping[str, Any]) -> str:
    """The query with every `$name` as a literal; one without a value is null."""
    return _NAME.sub(lambda found: as_literal(values.get(found[1])), sql)


def as_literal(value: Any) -> str:
    """A value as a SQL literal of its own type."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"cast('{value!r}' as double)"
    if isinstance(value, int | Decimal):
        return f"({value:f})" if isinstance(value, Decimal) else f"({value})"
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    return f"date '{value.isoformat()}'" if isinstance(value, date) else literal(str(value))


def listed(names: Sequence[str]) -> str:
    """Names of columns as a select list."""
    return ", ".join(quoted(name) for name in names)
