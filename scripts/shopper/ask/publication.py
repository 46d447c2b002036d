"""The generation that is current now, on two read-only connections: one for own queries, one for those of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb

from shopper.ask.columns import is_personal
from shopper.ask.selects import SCHEMAS, Published
from shopper.published import Release, current, lock, read_only
from shopper.sql import literal, quoted

_LIMITS = {"memory_limit": "1GB", "max_temp_directory_size": "0B", "threads": 2}


@dataclass(frozen=True)
class Publication(Release):
    """A generation. It stays readable while this is held, even when a later one takes its place.

    whole: the published file, for queries that this package writes. shown: a database of views on it, without the
    columns that are kept back, for queries that come from outside. tables: visible columns by `schema.name`.
    kept_back: personal columns by `schema.name`.
    """

    whole: duckdb.DuckDBPyConnection
    shown: duckdb.DuckDBPyConnection
    tables: Mapping[str, tuple[str, ...]]
    kept_back: Mapping[str, tuple[str, ...]]

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Currency, time zone, first and as-of date; empty where the publication has none."""
        if "audit.reporting_settings" not in self.tables:
            return {}
        return next(iter(rows_of(self.whole, "from audit.reporting_settings")), {})

    @cached_property
    def catalogue(self) -> dict[str, Any]:
        """The catalogue of metrics; without metrics where the publication has none."""
        return self.document("metrics.json") or {"metrics": [], "marts": {}, "dimensions": {}, "saved_queries": []}

    @cached_property
    def columns(self) -> dict[str, list[dict[str, Any]]]:
        """The described columns by `schema.name`, in their order, those that are kept back left out."""
        found: dict[str, list[dict[str, Any]]] = {}
        if "meta.columns" in self.tables:
            for row in rows_of(self.whole, "from meta.columns order by schema_name, table_name, position"):
                table = f"{row['schema_name']}.{row['table_name']}"
                if row["column_name"] in self.tables.get(table, ()):
                    found.setdefault(table, []).append(row)
        return found

    @cached_property
    def described(self) -> dict[str, dict[str, Any]]:
        """Grain, key and description by `schema.name`."""
        if "meta.tables" not in self.tables:
            return {}
        rows = rows_of(self.whole, "from meta.tables order by schema_name, table_name")
        return {f"{row['schema_name']}.{row['table_name']}": row for row in rows}

    @cached_property
    def published(self) -> Published:
        """What a query from outside may read."""
        fixed = {
            table.removeprefix("marts."): tuple(row["column_name"] for row in rows if row["fix_to_one_value"])
            for table, rows in self.columns.items()
        }
        return Published(tuple(self.tables), {mart: names for mart, names in fixed.items() if names})


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Rows of a query by column name."""
    result = connection.cursor().execute(sql)
    names = [str(column[0]) for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def current_publication(folder: Path, with_personal: bool) -> Publication:
    """The publication that `current` leads to now. Raises Unpublished."""
    return current(folder, partial(_opened, with_personal=with_personal))


@lru_cache(maxsize=3)
def _opened(folder: Path, with_personal: bool) -> Publication:
    """A generation never changes, so its connections are kept."""
    file = Release(folder).file
    whole = read_only(file)
    tables: dict[str, list[str]] = {}
    kept_back: dict[str, list[str]] = {}
    for schema, name, column in whole.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and schema_name in (select unnest(?))"
        " order by schema_name, table_name, column_index",
        [list(SCHEMAS)],
    ).fetchall():
        is_hidden = schema == "marts" and not with_personal and is_personal(name, column)
        (kept_back if is_hidden else tables).setdefault(f"{schema}.{name}", []).append(column)
    shown = duckdb.connect()
    shown.execute(f"attach {literal(str(file))} as published (read_only)")
    for schema in SCHEMAS:
        shown.execute(f"create schema {schema}")
    for table, columns in tables.items():
        schema, name = map(quoted, table.split(".", 1))
        listed = ", ".join(map(quoted, columns))
        shown.execute(f"create view {schema}.{name} as select {listed} from published.{schema}.{name}")
    lock(shown, **_LIMITS)
    as_tuples = ({key: tuple(value) for key, value in one.items()} for one in (tables, kept_back))
    return Publication(folder, whole, shown, *as_tuples)
