"""Reads one generation of the published file for the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from shopper.dashboard.catalogue import Query
from shopper.errors import ShopperError
from shopper.export.exporting import formula_safe
from shopper.publish.generations import Generations
from shopper.published import Release, current, read_only

ROWS_SHOWN: Final = 500
"""Most rows of a table on a page; a download has all rows."""


class NotHeld(ShopperError):
    """The publication has no such mart, or lacks a column of it."""


@dataclass(frozen=True)
class Generation(Release):
    """A generation that stays readable while this is held, even when a later one takes its place."""

    connection: duckdb.DuckDBPyConnection

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The row of audit.reporting_settings; empty where the publication has none."""
        try:
            found = self._run("select * from audit.reporting_settings", {}).df()
        except duckdb.Error:
            return {}
        return {str(name): value for name, value in found.iloc[0].items()} if len(found) else {}

    @property
    def currency(self) -> str | None:
        """Currency of all amounts; None is unknown."""
        return self.settings.get("reporting_currency")

    def frame(self, query: Query, values: dict[str, Any], limit: int | None = ROWS_SHOWN) -> pd.DataFrame:
        """Rows of a query, the first `limit` of them (None: all). Money is exact in DuckDB and a float here.

        Raises NotHeld where the publication has no such mart, or an older form of it.
        """
        sql = query.sql if limit is None else f"select * from ({query.sql}\n) limit {limit}"
        try:
            return self._run(sql, values).df()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise NotHeld(", ".join(query.marts)) from error

    def csv(self, query: Query, values: dict[str, Any], headers: dict[str, str]) -> bytes:
        """All rows of a query as CSV."""
        used = {name: value for name, value in values.items() if f"${name}" in query.sql}
        return _csv(self.connection.cursor(), query.sql, used, headers)

    def choices(self, query: Query, values: dict[str, Any]) -> list[Any]:
        """The first column of a query, null left out; empty where the publication lacks its mart."""
        return [next(iter(row.values())) for row in self.rows(query, values) if next(iter(row.values())) is not None]

    def rows(self, query: Query, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Exact rows of a query by column; none where the publication lacks its mart."""
        try:
            found = self._run(query.sql, values)
        except (duckdb.CatalogException, duckdb.BinderException):
            return []
        names = [str(column[0]) for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def meanings(self, marts: Sequence[str], language: str) -> list[tuple[str, str | None, str]]:
        """Descriptions of marts and their columns: mart, column (None for the mart itself), text.

        What has no Chinese, as in an older publication, is told in English.
        """
        if language == "zh" and (found := self._chinese(marts)):
            return found
        return self._run(
            "select table_name, null, comment from duckdb_tables()"
            " where schema_name || '.' || table_name in (select unnest($marts)) and comment is not null"
            " union all select table_name, column_name, comment from (from duckdb_columns() order by column_index)"
            " where schema_name || '.' || table_name in (select unnest($marts)) and comment is not null",
            {"marts": list(marts)},
        ).fetchall()

    def _chinese(self, marts: Sequence[str]) -> list[tuple[str, str | None, str]]:
        try:
            return self._run(
                "select table_name, null, coalesce(description_zh, description) from meta.tables"
                " where schema_name || '.' || table_name in (select unnest($marts))"
                " union all select table_name, column_name, coalesce(description_zh, description)"
                " from (from meta.columns order by position)"
                " where schema_name || '.' || table_name in (select unnest($marts))",
                {"marts": list(marts)},
            ).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            return []

    def metrics(self, marts: Sequence[str], language: str) -> pd.DataFrame:
        """The metrics over these marts in the publication's catalogue: metric, unit, description and formula.

        No rows where it has none; English where an older publication tells no Chinese.
        """
        names = [mart.partition(".")[2] for mart in marts]
        chinese = "label_zh as metric, unit, description_zh as description, formula_zh as formula"
        english = "label as metric, unit, description, formula"
        for columns in [chinese, english] if language == "zh" else [english]:
            try:
                return self._run(
                    f"select {columns} from meta.metrics"
                    " where not is_part and list_has_any(string_split(marts, ', '), $names) order by label",
                    {"names": names},
                ).df()
            except (duckdb.CatalogException, duckdb.BinderException):
                continue
        return pd.DataFrame()

    def _run(self, sql: str, values: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        # A cursor of its own: sessions of several people read at the same time.
        return self.connection.cursor().execute(sql, used)


def csv_of(frame: pd.DataFrame, headers: dict[str, str]) -> bytes:
    """A frame as CSV."""
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        return _csv(connection, "select * from frame", {}, headers)


def _csv(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any], headers: dict[str, str]) -> bytes:
    """CSV with a byte order mark, with which spreadsheets read Chinese. Text that looks like a formula is escaped.

    Null is an empty cell. `headers`: shown names of columns.
    """
    columns = connection.execute(f"describe {sql}", values).fetchall()
    safe = ", ".join(formula_safe(str(name), str(kind)) for name, kind, *_ in columns)
    rows = connection.execute(f"select {safe} from ({sql}\n)", values).df()
    return str(rows.rename(columns=headers).to_csv(index=False)).encode("utf-8-sig")


def releases(generation: Generation) -> list[Release]:
    """The generations in the folder of publications, the newest first."""
    known = Generations(generation.folder.parent.parent)
    return [Release(known.path(name)) for name in reversed(known.ids())]


def current_generation(publish: Path) -> Generation:
    """The generation that `current` leads to now. Raises Unpublished."""
    return current(publish, _opened)


@lru_cache(maxsize=3)
def _opened(folder: Path) -> Generation:
    """A generation never changes, so its connection is shared by all sessions."""
    return Generation(folder, read_only(Release(folder).file, threads=2))
