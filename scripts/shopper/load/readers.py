"""Reads source files into the scratch database of the loader, with explicit columns and without type detection.

CSV and JSON Lines become text; Parquet keeps its types for the expressions of the mapping. A line that does not match
the header, or is not JSON, is a reject: it is stored with file, line and reason, and reading goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.decimal_commas import with_points
from shopper.load.deliveries import Delivery, FileColumns, ReadSource
from shopper.load.filled_columns import filled
from shopper.load.headers import check_unique, header_of
from shopper.load.json_files import create_table_of_records, is_document, is_plain
from shopper.load.named_columns import NamedColumns
from shopper.load.overlaps import keep_last
from shopper.load.parquet_files import FROM_FILE, Headers, Types, constants, file_literal, read_parquet
from shopper.load.relations import create_relations
from shopper.load.scanning import REJECTS, Scanner
from shopper.load.shapes import FILE_COLUMN, columns_of, require_free_names
from shopper.load.sources import FileSource
from shopper.load.text_files import compression_of
from shopper.load.workbooks import write_sheet
from shopper.sql import literal, quoted


class Readers:
    """Reads sources into one scratch database. Copies in UTF-8 of files in another encoding go to `folder`.

    A source becomes the relation of its name, and `read.<name>` with an additional column for the file of each row.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Create the schemas that it needs in the scratch database."""
        self._connection = connection
        self._folder = folder
        self._scanner = Scanner(connection, folder)
        self._numbers, self._read_from = self._scanner.numbers, self._scanner.read_from
        connection.execute("create schema files")
        connection.execute("create schema read")

    @property
    def shown(self) -> dict[str, str]:
        """The path of each file, for messages, by that of the copy that was read."""
        return self._scanner.shown

    def read(self, source: FileSource, delivery: Delivery, elsewhere: Mapping[str, str] | None = None) -> ReadSource:
        """Read the files of a source. `elsewhere`: type by column of its files that are not read.

        Raises BadInput for a file that is empty, unreadable or not in the given format.
        """
        paths = [Path(file.name) for file in delivery.files]
        read = {"parquet": self._read_parquet, "json": self._read_json, "jsonl": self._read_json,
                "xlsx": self._read_workbooks}.get(source.format, self._read_csv)  # fmt: skip
        headers, rows, types = read(source, paths)
        if source.decimal == ",":
            rows = with_points(self._connection, rows)
        rows = filled(self._connection, source.name, source.fill, rows)
        create_relations(self._connection, source.name, source.columns, rows, self.shown, elsewhere)
        as_read = [self._read_from.get(path, str(path)) for path in paths]
        replaced = keep_last(self._connection, source.name, source.key, as_read)
        return ReadSource(
            delivery,
            tuple(columns_of(self._connection, quoted(source.name))),
            tuple(
                FileColumns(
                    str(path),
                    self._rows_of(source, path),
                    (*header, *source.columns.absent(header)),
                    types[path],
                    self._read_from.get(path, str(path)),
                    "" if _is_read_alone(source) else f"read.{quoted(source.name)}",
                )
                for path, header in headers.items()
            ),
            self._count(f"select count(*) from read.{quoted(source.name)}"),
            self._count(f"select count(*) from {REJECTS} where source = {literal(source.name)}"),
            replaced,
        )

    def _rows_of(self, source: FileSource, path: Path) -> str:
        """SQL for the rows of one file."""
        if _is_read_alone(source):
            return f"read_parquet({file_literal(path)}, {FROM_FILE})"
        file = literal(self._read_from.get(path, str(path)))
        return f"(select * from read.{quoted(source.name)} where {FILE_COLUMN} = {file})"

    def _count(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _read_csv(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        """Read CSV files, neighbours with the same header together. The results are combined by column name, in the
        order of the files.
        """
        headers = {path: header_of(source, path) for path in paths}
        selects = []
        for (header, _), members in groupby(paths, key=lambda path: (headers[path], compression_of(path))):
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header.names)
            options = (
                f"header=true, delim={literal(source.delimiter)}, quote={literal(source.quote)},"
                f" escape={literal(source.quote)}, columns={{{columns}}}"
            )
            within = constants(dict(header.within))
            lines = self._scanner.lines(
                source, list(members), options, header.skipped, are_copied=not header.is_one_line
            )
            selects.append(f"select *{within} from {lines}")
        types = {
            path: dict.fromkeys((*header.names, *dict(header.within)), "VARCHAR") for path, header in headers.items()
        }
        return {path: header.names for path, header in headers.items()}, " union all by name ".join(selects), types

    def _read_workbooks(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        """Read sheets as CSV. Messages and rejects name the workbook."""
        copies = {self._folder / f"{next(self._numbers)}.csv": path for path in paths}
        as_csv = replace(source, format="csv", delimiter=",", encoding="utf-8", quote='"')
        for copy, path in copies.items():
            write_sheet(source, path, copy)
        try:
            headers, rows, types = self._read_csv(as_csv, list(copies))
        except BadInput as error:
            raise BadInput(_renamed(str(error), copies)) from error
        for copy, path in copies.items():
            self._connection.execute(
                f"update {REJECTS} set file = {literal(str(path))} where file = {literal(str(copy))}"
            )
            self._read_from[path] = self._read_from[copy]
        self.shown.update({read: _renamed(shown, copies) for read, shown in self.shown.items()})
        by_path = {copies[copy]: columns for copy, columns in types.items()}
        return {copies[copy]: header for copy, header in headers.items()}, rows, by_path

    def _read_json(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        """Read records as text first, so that one that is no object or has a key twice can be reported.

        Each key becomes a text column.
        """
        options = "header=false, delim=chr(1), quote='', escape='', columns={'line': 'VARCHAR'}"
        tables = []
        for path in paths:
            is_list = is_document(source, path)
            table = self._records(source, path) if is_list else self._scanner.lines(source, [path], options)
            lines = f"(select line, row_number() over () as line_number from {table})"
            self._connection.execute(
                f"insert into {REJECTS} select {literal(source.name)}, {literal(str(path))}, line_number, null,"
                f" {_FAULT} as fault, line from {lines} where line is not null and fault is not null"
            )
            tables.append(f"select line, {FILE_COLUMN} from {table} where line is not null and {_FAULT} is null")
        objects = " union all ".join(tables)
        found = {
            file: tuple(keys)
            for file, keys in self._connection.execute(
                f"select {FILE_COLUMN}, list(distinct key order by key) from ("
                f"select {FILE_COLUMN}, unnest(json_keys(line)) as key from ({objects})) group by {FILE_COLUMN}"
            ).fetchall()
        }
        headers = {path: source.columns.renamed(found.get(self._read_from[path], ())) for path in paths}
        for path, header in headers.items():
            source.columns.require(f"source {source.name}: {path}", header)
            require_free_names(f"source {source.name}: {path}", header)
        keys = sorted({key for file_keys in found.values() for key in file_keys})
        columns = source.columns.columns_of(keys)
        check_unique(source, paths[0], columns)
        pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)
        values = {key: f"json_values[{number}]" for number, key in enumerate(keys, start=1)}
        selected = ", ".join(
            f"coalesce({', '.join(values[key] for key in members)}) as {quoted(name or f'column_{number}')}"
            for number, (name, members) in enumerate(columns.items(), start=1)
        )
        within = {path: source.columns.within(found.get(self._read_from[path], ())) for path in paths}
        for column in dict.fromkeys(column for texts in within.values() for column in texts if column not in columns):
            cases = " ".join(
                f"when {literal(self._read_from[path])} then {literal(texts[column])}"
                for path, texts in within.items()
                if column in texts
            )
            selected += f", case {FILE_COLUMN} {cases} end as {quoted(column)}"
        table = f"objects_{next(self._numbers)}"
        self._connection.execute(
            f"create table {table} as select {selected or 'null as no_columns'}, {FILE_COLUMN} from"
            f" (select json_extract_string(line, [{pointers or literal('/')}]) as json_values, {FILE_COLUMN}"
            f" from ({objects}))"
        )
        types = {
            path: dict.fromkeys((*source.columns.columns_of(found.get(self._read_from[path], ())), *texts), "VARCHAR")
            for path, texts in within.items()
        }
        return headers, f"select * from {table}", types

    def _records(self, source: FileSource, path: Path) -> str:
        """Read the records of a JSON document into a table."""
        read = path if is_plain(source, path) else self._scanner.copy(source, path, 0)
        self.shown[str(read)], self._read_from[path] = str(path), str(read)
        table = f"records_{next(self._numbers)}"
        create_table_of_records(self._connection, source, path, read, table)
        return table

    def _read_parquet(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        return read_parquet(self._connection, source, paths)


_FAULT = """case
    when not (json_valid(line) and coalesce(json_type(try_cast(line as json)) = 'OBJECT', false))
        then 'not a JSON object'
    when not list_unique(json_keys(line)) = len(json_keys(line)) then 'a key is there twice: ' || list_filter(
        json_keys(line), lambda key, place: list_position(json_keys(line), key) < place)[1]
end"""
"""SQL of what is wrong with a record; null if nothing is."""


def _is_read_alone(source: FileSource) -> bool:
    """Whether each file is read by itself, with its own types."""
    return source.format == "parquet" and source.columns == NamedColumns()


def _renamed(text: str, copies: Mapping[Path, Path]) -> str:
    """The text with the names of copies replaced by those of the files."""
    for copy, path in copies.items():
        text = text.replace(str(copy), str(path))
    return text
