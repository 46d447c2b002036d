"""Reads the sources of a mapping and builds its tables in the schema `landed` of a scratch database."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.erasure.erasures import keep_out
from shopper.errors import BadInput, CheckFailed
from shopper.load.columns import PartBuilder, PartSelect, check_query
from shopper.load.database_sources import DatabaseSource
from shopper.load.databases import read_databases
from shopper.load.deliveries import Delivery, ReadSource, delivery_of, require_unchanged
from shopper.load.drift import Shape, compare_shapes
from shopper.load.failing_values import place_of
from shopper.load.history import History, Span
from shopper.load.mapping import LoadMapping
from shopper.load.named_columns import empty_relation
from shopper.load.objects import delivery_of_objects, is_remote, read_objects
from shopper.load.quality import Uncast, check_casts
from shopper.load.readers import REJECTS, Readers, reject_lines
from shopper.load.shop_settings import create_functions
from shopper.load.sources import AbsentSource, FileSource, QuerySource, Source, files_of
from shopper.sql import literal, quoted, reason

SHOWN_REJECTS = 20
# Version of the loader. It is part of each table's digest, so another number reloads every table.
_LOADER = "1"


@dataclass(frozen=True)
class LandedTable:
    """The result for one table.

    rows: rows that the mapping produced; rows_before: at the last load, None if there was none; left_out: rows that
    `where` filtered out. digest: of content and mapping together. is_unchanged: same digest as at the last load, so the
    table is not written again, and `left_out` and `uncast` are not computed. uncast: values that do not cast. spans:
    first and last value of each date or timestamp column.
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


@dataclass(frozen=True)
class LanderResult:
    """The sources that were read, the tables in order, and the shapes of the tables that are new."""

    sources: tuple[ReadSource, ...]
    tables: tuple[LandedTable, ...]
    shapes: dict[str, Shape]


class Lander:
    """Reads sources and builds tables in a scratch database (schemas read and landed). Writes nothing else."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        mapping: LoadMapping,
        root: Path,
        history: History,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> None:
        """`folder` is for temporary copies of files; `history` is the result of the last load."""
        self._connection = connection
        self._mapping = mapping
        self._root = root
        self._history = history
        self._progress = progress
        self._rules = CastRules(root)
        self._readers = Readers(connection, folder)
        self._folder = folder
        create_functions(connection, mapping.shop, str(mapping.path))
        connection.execute("create schema landed")

    def land(self, tables: list[Table], *, allowed_rejects: int = 0, accept_drift: bool = False) -> LanderResult:
        """Build the tables whose content or mapping changed since the last load.

        Raises BadInput for invalid mapping or files, for more than `allowed_rejects` rejected lines, and for source
        columns that changed since the last load (unless `accept_drift`).
        """
        names = [table.name for table in tables]
        deliveries, copied = self._deliveries(names)
        digests = {table.name: self._digest(table, deliveries) for table in tables}
        new = [table for table in tables if not self._is_unchanged(table.name, digests[table.name], allowed_rejects)]
        sources = self._read([table.name for table in new], deliveries, copied)
        self._redact_rejects()
        _check_rejects(self._connection, sources, allowed_rejects)
        shapes = compare_shapes(self._connection, self._rules, self._mapping, new, sources, self._history, accept_drift)
        landed = {table.name: self._land(table, digests[table.name]) for table in new}
        for source in sources:
            stored = self._mapping.sources[source.name]
            if isinstance(stored, FileSource) and not is_remote(stored):
                require_unchanged(source.delivery)
        in_order = tuple(landed[name] if name in landed else self._unchanged_table(name) for name in names)
        return LanderResult(tuple(sources), in_order, shapes)

    def _deliveries(self, names: list[str]) -> tuple[dict[str, Delivery], dict[str, ReadSource]]:
        """The delivery of each source, by name. Database tables are copied, since only a copy can be digested."""
        needed = self._mapping.needed_sources(names)
        folder = self._mapping.path.parent.absolute()
        # All paths are resolved before the first file is read, so that a missing file is found early.
        stored = [source for source in needed if isinstance(source, FileSource)]
        paths = {source.name: files_of(source, folder) for source in stored if not is_remote(source)}
        files = {
            source.name: delivery_of_objects(source) if is_remote(source) else delivery_of(source, paths[source.name])
            for source in stored
        }
        tables = [source for source in needed if isinstance(source, DatabaseSource)]
        if tables:
            self._progress(f"reading {', '.join(source.name for source in tables)}")
        copied = {source.name: source for source in read_databases(self._connection, tables, folder)}
        return files | {name: source.delivery for name, source in copied.items()}, copied

    def _digest(self, table: Table, deliveries: dict[str, Delivery]) -> str:
        """Digest of everything that determines the rows: content, mapping and rules, but not the files' paths."""
        sources = [_without_location(source) for source in self._mapping.needed_sources([table.name])]
        content = {s.name: sorted(deliveries[s.name].digests) for s in self._mapping.stored_behind(table.name)}
        mapping = (self._mapping.tables[table.name], sources, self._mapping.shop)
        made_of = (_LOADER, table.columns, mapping, content, self._rules.digest)
        return hashlib.sha256(repr(made_of).encode()).hexdigest()

    def _is_unchanged(self, name: str, digest: str, allowed_rejects: int) -> bool:
        last = self._history.tables.get(name)
        rejects = sum(self._history.rejects.get(source.name, 0) for source in self._mapping.stored_behind(name))
        return last is not None and last.digest == digest and rejects <= allowed_rejects

    def _unchanged_table(self, name: str) -> LandedTable:
        last = self._history.tables[name]
        return LandedTable(
            name, last.rows, last.rows, 0, last.columns, None, (), last.spans, last.digest, is_unchanged=True
        )

    def _read(
        self, names: list[str], deliveries: dict[str, Delivery], copied: dict[str, ReadSource]
    ) -> list[ReadSource]:
        """Read the sources that these tables need, in the order of the mapping file."""
        read = []
        needed = self._mapping.needed_sources(names)
        readers = Counter(part.source for name in names for part in self._mapping.tables[name])
        readers.update(used for source in needed if isinstance(source, QuerySource) for used in source.uses)
        for source in needed:
            if isinstance(source, FileSource):
                self._progress(f"reading {source.name}")
                read.append(self._read_files(source, deliveries[source.name]))
            elif isinstance(source, DatabaseSource):
                read.append(copied[source.name])
            elif isinstance(source, AbsentSource):
                self._connection.execute(f"create view {quoted(source.name)} as {empty_relation(source.columns)}")
            else:
                self._create_query(source, is_shared=readers[source.name] > 1)
        return read

    def _redact_rejects(self) -> None:
        """Rejected lines are kept, so they hold no secrets of URLs and no e-mail addresses either."""
        redacted = ", ".join(f"{column} = {self._rules.redacted(column)}" for column in ("line_text", "error"))
        self._connection.execute(f"update {REJECTS} set {redacted}")

    def _read_files(self, source: FileSource, delivery: Delivery) -> ReadSource:
        if not is_remote(source):
            return self._readers.read(source, delivery)
        read, names = read_objects(source, delivery, self._folder / "objects", self._readers.read)
        for path, name in names.items():
            self._connection.execute(f"update {REJECTS} set file = {literal(name)} where file = {literal(path)}")
        return read

    def _create_query(self, source: QuerySource, *, is_shared: bool) -> None:
        """Create the relation of a query. What several read is computed once, and is then the same for all of them."""
        kind = "table" if is_shared else "view"
        try:
            check_query(self._connection, source.query)
            self._connection.execute(f"create {kind} {quoted(source.name)} as {source.query}")
        except duckdb.OutOfMemoryException as error:
            raise CheckFailed(f"source {source.name}: {reason(error)}") from error
        except duckdb.Error as error:
            if is_shared and "unnamed struct" in str(error):  # no table can have such a column, such as row(1, 2)
                self._create_query(source, is_shared=False)
                return
            raise BadInput(f"source {source.name}: query: {self._reason(error)}") from error

    def _land(self, table: Table, digest: str) -> LandedTable:
        """Build `landed.<table>`."""
        self._progress(f"mapping {table.name}")
        builder = PartBuilder(self._connection, self._rules)
        parts = [builder.select(table, part) for part in self._mapping.tables[table.name]]
        union = " union all by name ".join(part.query for part in parts)
        present = {column for part in parts for column in part.columns}
        columns = tuple(column.name for column in table.columns if column.name in present)
        relation = f"landed.{table.name}"
        try:
            self._connection.execute(f"create table {relation} as select {', '.join(columns)} from ({union})")
            left_out = sum(self._count_left_out(part) for part in parts if part.where)
            left_out += keep_out(self._connection, "scratch", relation, table, self._rules)
        except duckdb.OutOfMemoryException as error:
            raise CheckFailed(f"{table.name}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"{self._failing_column(table, parts)}: {self._reason(error)}") from error
        cast_check = check_casts(self._connection, self._rules, self._root, table, columns, relation)
        last = self._history.tables.get(table.name)
        key_absent = len(table.keys) == 1 and table.keys[0] not in columns
        return LandedTable(
            table.name,
            self._rows(relation),
            last.rows if last else None,
            left_out,
            columns,
            table.keys[0] if key_absent else None,
            cast_check.uncast,
            cast_check.spans,
            digest,
            is_unchanged=False,
        )

    def _reason(self, error: duckdb.Error) -> str:
        """The message of an error, with the file and the column of the value that it names."""
        files = [source.name for source in self._mapping.sources.values() if isinstance(source, FileSource)]
        return reason(error) + place_of(self._connection, reason(error), files, self._readers.shown)

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
        return self._rows(f"{quoted(part.source)} where ({part.where}\n) is not true")

    def _rows(self, relation: str) -> int:
        row = self._connection.execute(f"select count(*) from {relation}").fetchone()
        return int(row[0]) if row else 0


def _without_location(source: Source) -> Source:
    """The source without its location, so that moving a file does not change a digest."""
    if isinstance(source, FileSource):
        return replace(source, path="")
    return replace(source, location="") if isinstance(source, DatabaseSource) else source


def _check_rejects(connection: duckdb.DuckDBPyConnection, sources: list[ReadSource], allowed: int) -> None:
    rejected = sum(source.rejects for source in sources)
    if rejected > allowed:
        shown = "\n  ".join(reject_lines(connection, SHOWN_REJECTS))
        more = f"\n  and {rejected - SHOWN_REJECTS} more" if rejected > SHOWN_REJECTS else ""
        hint = "\n  bytes that are not UTF-8: the file may be `encoding: cp1252`" if "Invalid unicode" in shown else ""
        raise BadInput(
            f"{rejected} lines can't be read, {allowed} allowed; correct them, or keep them in landing.rejects with"
            f" --allow-rejects {rejected}\n  {shown}{more}{hint}"
        )
