"""Builds one table in the schema `landed` of a scratch database, from the relations of its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.erasure.erasures import keep_out
from shopper.errors import BadInput, CheckFailed
from shopper.file_keys import FILE_KEY
from shopper.load.appending import Append
from shopper.load.closing import refusal
from shopper.load.columns import PartBuilder, PartSelect
from shopper.load.failing_values import place_of
from shopper.load.file_records import FileRecord
from shopper.load.history import Span
from shopper.load.mapping import LoadMapping
from shopper.load.possible_rows import may_have_rows
from shopper.load.quality import Uncast, check_casts, united_spans
from shopper.load.recording import insert
from shopper.load.shapes import FILE_COLUMN, ROW_KEY
from shopper.load.sources import FileSource
from shopper.sql import literal, quoted, reason


@dataclass(frozen=True)
class LandedTable:
    """The result for one table.

    rows: rows that the table has; rows_before: at the last load, None if there was none; left_out: rows that `where`
    filtered out. digest: of content and mapping together. is_unchanged: same digest as at the last load, so the table
    is not written again, and `left_out` and `uncast` are not computed. uncast: values that do not cast. spans: first
    and last value of each date or timestamp column.

    files: those that its rows came from. append: what changed, if only rows of changed files were landed; `left_out`
    and `uncast` are then those of the new files. whole_because: why all rows were landed, if they are not kept by file
    or could not be this time. file_spans: by key of a file. is_unknown: it has no rows since what they would
    come from is absent, so raw does not get it.
    """

    name: str
    rows: int
    rows_before: int | None
    left_out: int
    columns: tuple[str, ...]
    derived_key: str | None
    uncast: tuple[Uncast, ...]
    spans: tuple[Span, ...]
    digest: str
    is_unchanged: bool
    files: tuple[FileRecord, ...] = ()
    append: Append | None = None
    whole_because: str | None = None
    file_spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    is_unknown: bool = False

    @property
    def landed_rows(self) -> int:
        """Number of rows that this load wrote."""
        if self.is_unchanged:
            return 0
        return self.rows - (self.append.kept_rows if self.append else 0)


class TableLander:
    """Builds tables from the relations of a scratch database. `shown`: names of files, by the path of the copy read."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        mapping: LoadMapping,
        rules: CastRules,
        root: Path,
        shown: Mapping[str, str],
    ) -> None:
        """Store the arguments, and create the schema `landed`."""
        self._connection = connection
        self._mapping = mapping
        self._rules = rules
        self._root = root
        self._shown = shown
        connection.execute("create schema landed")
        connection.execute(
            "create table landed_files (table_name varchar, source varchar, stored varchar, key varchar)"
        )

    def take_files(self, table: str, files: list[tuple[str, str, str]]) -> None:
        """Set the files whose rows a table takes: source, name in `read.<source>`, key."""
        insert(self._connection, "landed_files", [(table, *file) for file in files])

    def land(self, table: Table, by_file: bool) -> LandedTable:
        """Build `landed.<table>`, with the key of each row's file if `by_file`: then only rows of the files that were
        taken. The result lacks digest, files and history.
        """
        builder = PartBuilder(self._connection, self._rules)
        parts = [
            builder.select(table, part, self._rows_of_files(table.name, part.source) if by_file else None)
            for part in self._mapping.tables[table.name]
        ]
        union = " union all by name ".join(part.query for part in parts)
        present = {column for part in parts for column in part.columns}
        columns = tuple(column.name for column in table.columns if column.name in present)
        relation = f"landed.{table.name}"
        stored = ", ".join([*columns, FILE_KEY] if by_file else columns)
        try:
            self._connection.execute(f"create table {relation} as select {stored} from ({union})")
            left_out = sum(self._count_left_out(part) for part in parts if part.where)
            left_out += keep_out(self._connection, "scratch", relation, table, self._rules)
        except duckdb.OutOfMemoryException as error:
            raise CheckFailed(f"{table.name}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"{self._failing_column(table, parts)}: {self.reason(error)}") from error
        group = FILE_KEY if by_file else None
        check = check_casts(self._connection, self._rules, self._root, table, columns, relation, group)
        key_absent = len(table.keys) == 1 and table.keys[0] not in columns
        rows = self._count(relation)
        return LandedTable(
            table.name,
            rows,
            None,
            left_out,
            columns,
            table.keys[0] if key_absent else None,
            check.uncast,
            check.spans,
            "",
            is_unchanged=False,
            file_spans=check.group_spans,
            is_unknown=rows == 0 and self._is_unknown(table, parts),
        )

    def _is_unknown(self, table: Table, parts: list[PartSelect]) -> bool:
        """Whether no rows of a table mean that nothing is known: what they would come from is absent."""
        given = zip(self._mapping.tables[table.name], parts, strict=True)
        return all(
            part.is_unknown_if_empty or not may_have_rows(self._connection, select.query) for part, select in given
        )

    def rows_by_file(self, table: str) -> dict[str, int]:
        """Number of rows of `landed.<table>` by key of their file."""
        return dict(
            self._connection.execute(f"select {FILE_KEY}, count(*) from landed.{table} group by {FILE_KEY}").fetchall()
        )

    def reason(self, error: duckdb.Error) -> str:
        """The message of an error, with the file and the column of the value that it names."""
        files = [source.name for source in self._mapping.sources.values() if isinstance(source, FileSource)]
        return refusal(error) + place_of(self._connection, reason(error), files, self._shown)

    def _rows_of_files(self, table: str, source: str) -> str:
        """SQL of the rows of the files that a table takes from a source, with the key of each."""
        if source not in {stored.name for stored in self._mapping.stored_behind(table)}:
            return f"select *, cast(null as varchar) as {ROW_KEY} from {quoted(source)}"
        return (
            f"select rows_read.* exclude ({FILE_COLUMN}), landed_files.key as {ROW_KEY}"
            f" from read.{quoted(source)} as rows_read inner join landed_files"
            f" on landed_files.stored = rows_read.{FILE_COLUMN}"
            f" where landed_files.table_name = {literal(table)} and landed_files.source = {literal(source)}"
        )

    def _failing_column(self, table: Table, parts: list[PartSelect]) -> str:
        """The column whose values fail, found by computing each column alone."""
        for part in parts:
            for column in part.columns:
                try:
                    self._connection.execute(f"select count({column}) from ({part.query})")
                except duckdb.Error:
                    return f"{table.name}.{column} from source {part.source}"
        return table.name

    def _count_left_out(self, part: PartSelect) -> int:
        """Rows of the part's source that its `where` filters out."""
        return self._count(f"{part.relation} where ({part.where}\n) is not true")

    def _count(self, relation: str) -> int:
        row = self._connection.execute(f"select count(*) from {relation}").fetchone()
        return int(row[0]) if row else 0


def with_kept_files(
    table: LandedTable, append: Append | None, kept_spans: Mapping[str, tuple[Span, ...]]
) -> LandedTable:
    """A table landed from new files, together with the files that stay. `kept_spans`: spans of those, by key."""
    if append is None:
        return table
    spans = {**kept_spans, **table.file_spans}
    columns = [span.column for span in table.spans]
    return replace(
        table,
        rows=table.rows + append.kept_rows,
        spans=united_spans(columns, spans.values()),
        file_spans=spans,
        append=append,
        is_unknown=table.is_unknown and not append.kept_rows,
    )
