"""Reads source files into the scratch database of the loader, with explicit columns and without type detection.

CSV and JSON Lines become text; Parquet keeps its types for the expressions of the mapping. A line that does not match
the header, or is not JSON, is a reject: it is stored with file, line and reason, and reading goes on.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.decimal_commas import with_points
from shopper.load.deliveries import Delivery, FileColumns, ReadSource
from shopper.load.filled_columns import filled
from shopper.load.headers import check_unique, header_of, trimmed_lines
from shopper.load.json_files import create_table_of_records, is_document, is_plain
from shopper.load.named_columns import NamedColumns
from shopper.load.overlaps import keep_last
from shopper.load.parquet_files import FROM_FILE, Headers, Types, constants, file_literal, names_of, read_parquet
from shopper.load.relations import create_relations
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.sources import FileSource
from shopper.load.text_files import check_compressed, compression_of, open_text
from shopper.load.workbooks import write_sheet
from shopper.sql import literal, quoted, reason

REJECTS = "rejects"
_MAX_LINE_BYTES = 16 * 1024 * 1024


class Readers:
    """Reads sources into one scratch database. Copies in UTF-8 of files in another encoding go to `folder`.

    A source becomes the relation of its name, and `read.<name>` with an additional column for the file of each row.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Create the table of rejects in the scratch database."""
        self._connection = connection
        self._folder = folder
        self._numbers = count(1)
        self._read_from: dict[Path, str] = {}
        self._shown: dict[str, str] = {}
        connection.execute("create schema files")
        connection.execute("create schema read")
        connection.execute(
            f"create table {REJECTS} (source varchar, file varchar, line bigint, column_name varchar, error varchar,"
            " line_text varchar)"
        )

    @property
    def shown(self) -> dict[str, str]:
        """The path of each file, for messages, by that of the copy that was read."""
        return self._shown

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
        create_relations(self._connection, source.name, source.columns, rows, self._shown, elsewhere)
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
                )
                for path, header in headers.items()
            ),
            self._count(f"select count(*) from read.{quoted(source.name)}"),
            self._count(f"select count(*) from {REJECTS} where source = {literal(source.name)}"),
            replaced,
        )

    def _rows_of(self, source: FileSource, path: Path) -> str:
        """SQL for the rows of one file."""
        if source.format == "parquet" and source.columns == NamedColumns():
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
            selects.append(f"select *{within} from {self._lines(source, list(members), options, header.skipped)}")
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
        self._shown = {read: _renamed(shown, copies) for read, shown in self._shown.items()}
        by_path = {copies[copy]: columns for copy, columns in types.items()}
        return {copies[copy]: header for copy, header in headers.items()}, rows, by_path

    def _read_json(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        """Read records as text first, so that one that is no object can be reported. Each key becomes a text column."""
        options = "header=false, delim=chr(1), quote='', escape='', columns={'line': 'VARCHAR'}"
        tables = []
        for path in paths:
            is_list = is_document(source, path)
            table = self._records(source, path) if is_list else self._lines(source, [path], options)
            lines = f"(select line, row_number() over () as line_number from {table})"
            self._connection.execute(
                f"insert into {REJECTS} select {literal(source.name)}, {literal(str(path))}, line_number, null,"
                f" 'not a JSON object', line from {lines} where line is not null and not {_IS_OBJECT}"
            )
            tables.append(f"select line, {FILE_COLUMN} from {table} where line is not null and {_IS_OBJECT}")
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
        read = path if is_plain(source, path) else self._copy(source, path, 0)
        self._shown[str(read)], self._read_from[path] = str(path), str(read)
        table = f"records_{next(self._numbers)}"
        create_table_of_records(self._connection, source, path, read, table)
        return table

    def _read_parquet(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str, Types]:
        return read_parquet(self._connection, source, paths)

    def _lines(self, source: FileSource, paths: list[Path], options: str, skipped: int = 0) -> str:
        """Read files with DuckDB's CSV reader into a relation. Unreadable lines go to the rejects.

        Files in another encoding, with mixed line endings, or with lines to skip, are read from a copy in UTF-8. What
        is read of a file does not depend on the others.
        """
        is_utf8 = codecs.lookup(source.encoding).name in {"utf-8", "utf-8-sig"}
        is_whole = is_utf8 and not skipped and source.skip_after is None
        readable = {path if is_whole else self._copy(source, path, skipped): path for path in paths}
        try:
            return self._scan(source, readable, options, skipped)
        except duckdb.InvalidInputException as error:
            if "invalid state" not in str(error):
                raise BadInput(f"source {source.name}: {names_of(paths)}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {names_of(paths)}: {reason(error)}") from error
        if len(paths) > 1:
            tables = (self._lines(source, [path], options, skipped) for path in paths)
            return f"({' union all '.join(f'select * from {table}' for table in tables)})"
        return self._scan(source, {self._copy(source, path, skipped): path for path in paths}, options, skipped)

    def _scan(self, source: FileSource, readable: dict[Path, Path], options: str, skipped: int) -> str:
        """Read files into a table. `readable` maps the path that is read to the original path, for messages."""
        self._shown |= {str(read): str(path) for read, path in readable.items()}
        self._read_from |= {path: str(read) for read, path in readable.items()}
        number = next(self._numbers)
        table, scans, errors = f"lines_{number}", f"scans_{number}", f"errors_{number}"
        selects = []
        for compression in ("none", "gzip", "zstd"):
            files = [path for path in readable if compression_of(path) == compression]
            if files:
                for path in files if compression != "none" else ():
                    check_compressed(source, path)
                names = ", ".join(file_literal(path) for path in files)
                selects.append(
                    f"select * from read_csv([{names}], auto_detect=false, {options}, strict_mode=true,"
                    f" {FROM_FILE}, compression={literal(compression)},"
                    f" max_line_size={_MAX_LINE_BYTES}, filename={literal(FILE_COLUMN)}, store_rejects=true,"
                    f" rejects_scan='{scans}', rejects_table='{errors}')"
                )
        self._connection.execute(f"create table {table} as {' union all '.join(selects)}")
        known = ", ".join(f"({literal(str(read))}, {literal(str(path))})" for read, path in readable.items())
        self._connection.execute(
            f"insert into {REJECTS} select {literal(source.name)}, known.path, errors.line + {skipped},"
            f" errors.column_name, errors.error_message, errors.csv_line from {errors} as errors"
            f" inner join {scans} as scans on scans.scan_id = errors.scan_id and scans.file_id = errors.file_id"
            f" inner join (values {known}) as known (read_path, path) on known.read_path = scans.file_path"
            " qualify row_number() over (partition by known.path, errors.line order by errors.column_idx) = 1"
            " order by known.path, errors.line"
        )
        return table

    def _copy(self, source: FileSource, path: Path, skipped: int) -> Path:
        """Copy a file as UTF-8 with uniform line endings, from its header on, without holding it in memory."""
        copy = self._folder / f"{next(self._numbers)}.txt"
        if compression_of(path) != "none":
            check_compressed(source, path)
        try:
            with open_text(source, path, newline=None) as lines, copy.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(trimmed_lines(source, lines, skipped))
        except (UnicodeError, OSError, EOFError, csv.Error) as error:
            raise BadInput(f"source {source.name}: {path} can't be read as {source.encoding}: {error}") from error
        return copy


_IS_OBJECT = "(json_valid(line) and coalesce(json_type(try_cast(line as json)) = 'OBJECT', false))"


def _renamed(text: str, copies: Mapping[Path, Path]) -> str:
    """The text with the names of copies replaced by those of the files."""
    for copy, path in copies.items():
        text = text.replace(str(copy), str(path))
    return text


def reject_lines(connection: duckdb.DuckDBPyConnection, limit: int) -> Iterator[str]:
    """The first rejects, each as `file, line 3, column b: reason`."""
    rows = connection.execute(
        f"select file, line, column_name, error from {REJECTS} order by all limit {limit}"
    ).fetchall()
    for file, line, column, error in rows:
        yield f"{file}, line {line}{f', column {column}' if column else ''}: {error}"
