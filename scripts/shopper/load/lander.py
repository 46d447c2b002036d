"""Reads the sources of a mapping and builds its tables in the schema `landed` of a scratch database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.erasure.erasures import keep_out_of_lines
from shopper.errors import BadInput, CheckFailed
from shopper.load.appending import Append, NeedsWhole, append_of, why_not_appended
from shopper.load.closing import close_engine
from shopper.load.columns import check_query
from shopper.load.database_sources import DatabaseSource
from shopper.load.databases import read_databases
from shopper.load.deliveries import Delivery, ReadSource, delivery_of, require_unchanged
from shopper.load.drift import Shape, compare_shapes
from shopper.load.file_records import FileRecord
from shopper.load.history import History
from shopper.load.locality import why_whole
from shopper.load.mapping import LoadMapping
from shopper.load.named_columns import empty_relation
from shopper.load.objects import delivery_of_objects, is_remote
from shopper.load.other_inputs import reads_more
from shopper.load.passed_over import passed_over
from shopper.load.possible_rows import may_have_rows
from shopper.load.readers import Readers
from shopper.load.scanning import REJECTS, reject_lines
from shopper.load.source_reading import SourceReader
from shopper.load.sources import AbsentSource, FileSource, QuerySource, files_of
from shopper.load.sql_functions import create_functions
from shopper.load.table_digests import made_by_of, table_digest
from shopper.load.table_landing import LandedTable, TableLander, with_kept_files
from shopper.sql import quoted, reason

SHOWN_REJECTS = 20


@dataclass(frozen=True)
class LanderResult:
    """The sources that were read, the tables in order, the shapes of the tables that are new, and all deliveries."""

    sources: tuple[ReadSource, ...]
    tables: tuple[LandedTable, ...]
    shapes: dict[str, Shape]
    deliveries: tuple[Delivery, ...]


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
        whole: Mapping[str, str] | None = None,
        warehouse: Path | None = None,
    ) -> None:
        """`folder` is for temporary copies of files; `history` is the result of the last load; `whole`: tables to land
        from all their files, with the reason; `warehouse`: the file that the connection will write.
        """
        self._connection = connection
        self._mapping = mapping
        self._history = history
        self._progress = progress
        self._rules = CastRules(root)
        self._folders = (folder, mapping.path.parent, root / "seeds", *mapping.also_read)
        self._databases = (warehouse,) if warehouse else ()
        self._readers = Readers(connection, folder)
        self._reader = SourceReader(connection, folder, self._readers, history)
        self._lander = TableLander(connection, mapping, self._rules, root, self._readers.shown)
        self._whole = whole or {}
        self.appends: dict[str, Append] = {}
        create_functions(connection, mapping.shop, str(mapping.path), root)

    def land(self, tables: list[Table], *, allowed_rejects: int = 0, accept_drift: bool = False) -> LanderResult:
        """Build the tables whose content or mapping changed since the last load; where rows are kept by file, only the
        rows of new and changed files.

        Raises BadInput for invalid mapping or files, for more than `allowed_rejects` rejected lines, and for source
        columns that changed since the last load (unless `accept_drift`); NeedsWhole if rows of other files would change
        too.
        """
        names = [table.name for table in tables]
        deliveries, copied = self._deliveries(names)
        made_by = {table.name: made_by_of(self._mapping, self._rules, table) for table in tables}
        digests = {name: table_digest(self._mapping, name, made_by[name], deliveries) for name in names}
        new = [table for table in tables if not self._is_unchanged(table.name, digests[table.name], allowed_rejects)]
        reasons = {table.name: why_whole(self._connection, self._mapping, table.name) for table in new}
        if not accept_drift:
            self.appends = self._appends([table.name for table in new], reasons, made_by, deliveries)
        sources = self._read([table.name for table in new], deliveries, copied)
        self._redact_rejects()
        _check_rejects(self._connection, sources, allowed_rejects)
        self._require_appendable(sources)
        shapes = compare_shapes(
            self._connection, self._rules, self._mapping, new, sources, self._history, accept_drift, set(self.appends)
        )
        landed = {}
        for table in new:
            is_by_file = reasons[table.name] is None
            one = self._land(table, sources, made_by[table.name] if is_by_file else None)
            because = self._whole.get(table.name) or reasons[table.name]
            landed[table.name] = replace(one, digest=digests[table.name], whole_because=because)
        for source in sources:
            stored = self._mapping.sources[source.name]
            if isinstance(stored, FileSource) and not is_remote(stored):
                require_unchanged(source.delivery)
        in_order = tuple(landed[name] if name in landed else self._unchanged_table(name) for name in names)
        return LanderResult(tuple(sources), in_order, shapes, tuple(deliveries.values()))

    def _deliveries(self, names: list[str]) -> tuple[dict[str, Delivery], dict[str, ReadSource]]:
        """The delivery of each source, by name. Database tables are copied, since only a copy can be digested. The
        engine is closed then, before it reads any file or runs any SQL of the mapping.
        """
        needed = self._mapping.needed_sources(names)
        folder = self._mapping.path.parent.absolute()
        # All paths are resolved before the first file is read, so that a missing file is found early.
        stored = [source for source in needed if isinstance(source, FileSource)]
        paths = {source.name: files_of(source, folder) for source in stored if not is_remote(source)}
        every = [one for one in self._mapping.sources.values() if isinstance(one, FileSource)]
        passed = passed_over(every, folder, paths)
        files = {
            source.name: delivery_of_objects(source)
            if is_remote(source)
            else delivery_of(source, paths[source.name], self._history.stamps.get(source.name, {}), passed[source.name])
            for source in stored
        }
        tables = [source for source in needed if isinstance(source, DatabaseSource)]
        if tables:
            self._progress(f"reading {', '.join(source.name for source in tables)}")
        copied = {source.name: source for source in read_databases(self._connection, tables, folder)}
        local = [path for found in paths.values() for path in found]
        close_engine(self._connection, self._folders, local, self._databases)
        return files | {name: source.delivery for name, source in copied.items()}, copied

    def _is_unchanged(self, name: str, digest: str, allowed_rejects: int) -> bool:
        last = self._history.tables.get(name)
        rejects = sum(self._history.rejects.get(source.name, 0) for source in self._mapping.stored_behind(name))
        is_same = last is not None and last.digest == digest and rejects <= allowed_rejects
        return is_same and not reads_more(self._connection, self._mapping, name)

    def _appends(
        self,
        names: list[str],
        reasons: Mapping[str, str | None],
        made_by: Mapping[str, str],
        deliveries: Mapping[str, Delivery],
    ) -> dict[str, Append]:
        """The tables of which only rows of changed files are landed."""
        appends = {}
        for name in names:
            if reasons[name] is None and name not in self._whole:
                behind = {source.name: deliveries[source.name] for source in self._mapping.stored_behind(name)}
                append = append_of(self._history.files.get(name, ()), made_by[name], behind)
                if append is not None:
                    appends[name] = append
        return appends

    def _unchanged_table(self, name: str) -> LandedTable:
        last = self._history.tables[name]
        return LandedTable(
            name, last.rows, last.rows, 0, last.columns, None, (), last.spans, last.digest,
            is_unchanged=True, is_unknown=not last.columns,
        )  # fmt: skip

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
                users = [name for name in names if source in self._mapping.stored_behind(name)]
                appends = [self.appends[name] for name in users if name in self.appends]
                is_whole = len(appends) < len(users)
                read.append(self._reader.read(source, deliveries[source.name], None if is_whole else appends))
            elif isinstance(source, DatabaseSource):
                read.append(copied[source.name])
            elif isinstance(source, AbsentSource):
                self._connection.execute(f"create view {quoted(source.name)} as {empty_relation(source.columns)}")
            else:
                self._create_query(source, is_shared=readers[source.name] > 1)
        return read

    def _redact_rejects(self) -> None:
        """Rejected lines are kept, so they hold no secrets of URLs, no e-mail addresses, no erased people."""
        redacted = ", ".join(f"{column} = {self._rules.redacted(column)}" for column in ("line_text", "error"))
        self._connection.execute(f"update {REJECTS} set {redacted}")
        for column in ("line_text", "error"):
            keep_out_of_lines(self._connection, "scratch", REJECTS, column)

    def _create_query(self, source: QuerySource, *, is_shared: bool) -> None:
        """Create the relation of a query. What several read is computed once, and is then the same for all of them."""
        try:
            check_query(self._connection, source.query)
            # A view without possible rows is seen as such by what reads it; a table would not be.
            kind = "table" if is_shared and may_have_rows(self._connection, source.query) else "view"
            self._connection.execute(f"create {kind} {quoted(source.name)} as {source.query}")
        except duckdb.OutOfMemoryException as error:
            raise CheckFailed(f"source {source.name}: {reason(error)}") from error
        except duckdb.Error as error:
            if is_shared and "unnamed struct" in str(error):  # no table can have such a column, such as row(1, 2)
                self._create_query(source, is_shared=False)
                return
            raise BadInput(f"source {source.name}: query: {self._lander.reason(error)}") from error

    def _require_appendable(self, sources: list[ReadSource]) -> None:
        """Raises NeedsWhole for tables whose kept rows would be others if all files were read."""
        whole = {}
        for name, append in self.appends.items():
            for source in (one for one in sources if one.name in append.new):
                files = {file.file: file.types for file in source.by_file}
                because = why_not_appended(append, source.name, [files[new.name] for new in append.new[source.name]])
                if because:
                    whole[name] = because
        if whole:
            raise NeedsWhole(whole)

    def _land(self, table: Table, sources: list[ReadSource], made_by: str | None) -> LandedTable:
        """Build `landed.<table>`. `made_by`: None if its rows are not kept by file."""
        self._progress(f"mapping {table.name}")
        behind = {source.name for source in self._mapping.stored_behind(table.name)}
        append = self.appends.get(table.name)
        kept = {record.key: record for record in append.kept} if append else {}
        files = [
            (FileRecord(source.name, file.name, file.digest, file.size), columns)
            for source in sources
            if source.name in behind
            for file, columns in zip(source.files, source.in_order(), strict=True)
        ]
        if made_by is not None:
            self._lander.take_files(
                table.name, [(file.source, columns.stored, file.key) for file, columns in files if file.key not in kept]
            )
        landed = self._lander.land(table, made_by is not None)
        if made_by is not None:
            rows = self._lander.rows_by_file(table.name)
            files = [
                (replace(file, rows=kept[file.key].rows if file.key in kept else rows.get(file.key, 0),
                         made_by=made_by, types=columns.types), columns)
                for file, columns in files
            ]  # fmt: skip
        last = self._history.tables.get(table.name)
        kept_spans = {key: self._history.spans.get((table.name, key), ()) for key in kept}
        return replace(
            with_kept_files(landed, append, kept_spans),
            rows_before=last.rows if last else None,
            files=tuple(file for file, _columns in files),
        )


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
