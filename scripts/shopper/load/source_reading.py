"""Reads the files of a source that are needed, from the disk or from object storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb

from shopper.load.appending import Append
from shopper.load.deliveries import DeliveredFile, Delivery, FileColumns, ReadSource
from shopper.load.history import KEPT_REJECTS, History
from shopper.load.objects import is_remote, read_objects
from shopper.load.readers import Readers
from shopper.load.recording import insert, renames
from shopper.load.relations import create_relations
from shopper.load.scanning import REJECTS
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.sources import FileSource
from shopper.sql import literal, quoted


class SourceReader:
    """Reads sources into one scratch database. Copies of objects go to `folder`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, readers: Readers, history: History) -> None:
        """Store the arguments."""
        self._connection = connection
        self._folder = folder
        self._readers = readers
        self._history = history

    def read(self, source: FileSource, delivery: Delivery, appends: Sequence[Append] | None) -> ReadSource:
        """Read a source. `appends`: what its tables need; None if one of them needs all files.

        Files that are not read have columns and rejects as at the last load, and no rows.
        """
        if appends is None:
            return self._read(source, delivery, {})
        wanted = {file.digest for append in appends for file in append.new[source.name]}
        unread = [file for file in delivery.files if file.digest not in wanted]
        known = {digest: file for append in appends for digest, file in append.kept_of(source.name).items()}
        elsewhere = {column: kind for file in known.values() for column, kind in file.types.items()}
        self._keep_rejects(delivery, unread)
        files = tuple(file for file in delivery.files if file.digest in wanted)
        if files:
            read = self._read(source, replace(delivery, files=files), elsewhere)
        else:
            nothing = f"select cast(null as varchar) as {FILE_COLUMN} where false"
            create_relations(self._connection, source.name, source.columns, nothing, {}, elsewhere)
            columns = tuple(columns_of(self._connection, quoted(source.name)))
            read = ReadSource(delivery, columns, (), 0, self._rejects_of(source.name))
        kept = tuple(
            FileColumns(file.name, "", (*types, *source.columns.absent(types)), types, "")
            for file, types in ((file, known[file.digest].types) for file in unread)
        )
        return replace(read, delivery=delivery, by_file=(*kept, *read.by_file), unread=len(unread))

    def _read(self, source: FileSource, delivery: Delivery, elsewhere: dict[str, str]) -> ReadSource:
        read = partial(self._readers.read, elsewhere=elsewhere)
        if not is_remote(source):
            return read(source, delivery)
        result, names = read_objects(source, delivery, self._folder / "objects", read)
        for path, name in names.items():
            self._connection.execute(f"update {REJECTS} set file = {literal(name)} where file = {literal(path)}")
        return result

    def _keep_rejects(self, delivery: Delivery, unread: Sequence[DeliveredFile]) -> None:
        """Take over the rejected lines of the files that are not read, under their present names."""
        if not self._history.rejects.get(delivery.source):
            return
        renamed = {file.digest: name for name, file in renames(self._history, delivery)}
        names = f"names_{delivery.source}"
        self._connection.execute(f"create temp table {quoted(names)} (file varchar, name varchar)")
        insert(self._connection, quoted(names), [(renamed.get(file.digest, file.name), file.name) for file in unread])
        self._connection.execute(
            f"insert into {REJECTS} select kept.* replace (names.name as file) from {KEPT_REJECTS} as kept inner join"
            f" {quoted(names)} as names on names.file = kept.file where kept.source = {literal(delivery.source)}"
        )

    def _rejects_of(self, source: str) -> int:
        row = self._connection.execute(f"select count(*) from {REJECTS} where source = {literal(source)}").fetchone()
        return int(row[0]) if row else 0
