"""Reads source files into the scratch database of the loader, with explicit columns and without type detection.

CSV and JSON Lines become text; Parquet keeps its types for the expressions of the mapping. A line that does not match
the header, or is not JSON, is a reject: it is stored with file, line and reason, and reading goes on.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO

import duckdb

from shopper.errors import BadInput
from shopper.load.deliveries import Delivery, FileColumns, ReadSource
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.sources import FileSource
from shopper.sql import literal, quoted, reason

REJECTS = "rejects"
_MAX_LINE_BYTES = 16 * 1024 * 1024
_BLOCK = 1 << 20
_NOT_TEXT = frozenset("\ufffd\0")
_COMMON_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "bar", ",": "comma"}


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
        connection.execute("create schema read")
        connection.execute(
            f"create table {REJECTS} (source varchar, file varchar, line bigint, column_name varchar, error varchar,"
            " line_text varchar)"
        )

    def read(self, source: FileSource, delivery: Delivery) -> ReadSource:
        """Read the files of a source.

        Raises BadInput for a file that is empty, unreadable or not in the given format.
        """
        paths = [Path(file.name) for file in delivery.files]
        headers = {"csv": self._read_csv, "jsonl": self._read_jsonl, "parquet": self._read_parquet}[source.format](
            source, paths
        )
        self._connection.execute(
            f"create view {quoted(source.name)} as select * exclude ({FILE_COLUMN}) from read.{quoted(source.name)}"
        )
        return ReadSource(
            delivery,
            tuple(columns_of(self._connection, quoted(source.name))),
            tuple(FileColumns(str(path), self._rows_of(source, path), headers[path]) for path in paths),
            self._count(f"select count(*) from read.{quoted(source.name)}"),
            self._count(f"select count(*) from {REJECTS} where source = {literal(source.name)}"),
        )

    def _rows_of(self, source: FileSource, path: Path) -> str:
        """SQL for the rows of one file."""
        if source.format == "parquet":
            return _parquet(path)
        file = literal(self._read_from[path])
        return f"(select * from read.{quoted(source.name)} where {FILE_COLUMN} = {file})"

    def _count(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _read_csv(self, source: FileSource, paths: list[Path]) -> dict[Path, tuple[str, ...]]:
        """Read CSV files. Files with the same header are read together; the results are combined by column name."""
        headers = {path: _header(source, path) for path in paths}
        groups: dict[tuple[str, ...], list[Path]] = {}
        for path, header in headers.items():
            groups.setdefault(header, []).append(path)
        selects = []
        for header, members in groups.items():
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
            options = (
                f"header=true, delim={literal(source.delimiter)}, quote={literal(source.quote)},"
                f" escape={literal(source.quote)}, columns={{{columns}}}"
            )
            selects.append(f"select * from {self._lines(source, members, options)}")
        self._connection.execute(f"create view read.{quoted(source.name)} as {' union all by name '.join(selects)}")
        return headers

    def _read_jsonl(self, source: FileSource, paths: list[Path]) -> dict[Path, tuple[str, ...]]:
        """Read lines as text first, so that an invalid line can be reported. Each key becomes a text column."""
        options = "header=false, delim=chr(1), quote='', escape='', columns={'line': 'VARCHAR'}"
        tables = []
        for path in paths:
            table = self._lines(source, [path], options)
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
        headers = {path: found.get(self._read_from[path], ()) for path in paths}
        keys = sorted({key for header in headers.values() for key in header})
        _check_unique(source, paths[0], keys)
        pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)
        columns = ", ".join(
            f"json_values[{number}] as {quoted(key or f'column_{number}')}" for number, key in enumerate(keys, start=1)
        )
        self._connection.execute(
            f"create table read.{quoted(source.name)} as"
            f" select {columns or 'null as no_columns'}, {FILE_COLUMN} from"
            f" (select json_extract_string(line, [{pointers or literal('/')}]) as json_values, {FILE_COLUMN}"
            f" from ({objects}))"
        )
        return headers

    def _read_parquet(self, source: FileSource, paths: list[Path]) -> dict[Path, tuple[str, ...]]:
        headers = {}
        for path in paths:
            try:
                headers[path] = tuple(
                    columns_of(self._connection, f"read_parquet({_file_literal(path)}, hive_partitioning=false)")
                )
            except duckdb.Error as error:
                raise BadInput(
                    f"source {source.name}: {path} is not a readable Parquet file: {reason(error)}"
                ) from error
        files = ", ".join(_file_literal(path) for path in paths)
        try:
            self._connection.execute(
                f"create view read.{quoted(source.name)} as select * from"
                f" read_parquet([{files}], {_FROM_FILE}, union_by_name=true, filename={literal(FILE_COLUMN)})"
            )
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        return headers

    def _lines(self, source: FileSource, paths: list[Path], options: str) -> str:
        """Read files with DuckDB's CSV reader into a table. Unreadable lines go to the rejects.

        Files in another encoding, or with mixed line endings, are read from a copy in UTF-8.
        """
        is_utf8 = codecs.lookup(source.encoding).name in {"utf-8", "utf-8-sig"}
        readable = {path if is_utf8 else self._copy(source, path): path for path in paths}
        try:
            return self._scan(source, readable, options)
        except duckdb.InvalidInputException as error:
            if "invalid state" not in str(error):
                raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        return self._scan(source, {self._copy(source, path): path for path in paths}, options)

    def _scan(self, source: FileSource, readable: dict[Path, Path], options: str) -> str:
        """Read files into a table. `readable` maps the path that is read to the original path, for messages."""
        self._read_from |= {path: str(read) for read, path in readable.items()}
        number = next(self._numbers)
        table, scans, errors = f"lines_{number}", f"scans_{number}", f"errors_{number}"
        selects = []
        for is_gzip in (False, True):
            files = [path for path in readable if _is_gzip(path) == is_gzip]
            if files:
                for path in files if is_gzip else ():
                    _check_gzip(source, path)
                names = ", ".join(_file_literal(path) for path in files)
                selects.append(
                    f"select * from read_csv([{names}], auto_detect=false, {options}, strict_mode=true,"
                    f" {_FROM_FILE}, compression={literal('gzip' if is_gzip else 'none')},"
                    f" max_line_size={_MAX_LINE_BYTES}, filename={literal(FILE_COLUMN)}, store_rejects=true,"
                    f" rejects_scan='{scans}', rejects_table='{errors}')"
                )
        self._connection.execute(f"create table {table} as {' union all '.join(selects)}")
        known = ", ".join(f"({literal(str(read))}, {literal(str(path))})" for read, path in readable.items())
        self._connection.execute(
            f"insert into {REJECTS} select {literal(source.name)}, known.path, errors.line, errors.column_name,"
            f" errors.error_message, errors.csv_line from {errors} as errors"
            f" inner join {scans} as scans on scans.scan_id = errors.scan_id and scans.file_id = errors.file_id"
            f" inner join (values {known}) as known (read_path, path) on known.read_path = scans.file_path"
            " qualify row_number() over (partition by known.path, errors.line order by errors.column_idx) = 1"
            " order by known.path, errors.line"
        )
        return table

    def _copy(self, source: FileSource, path: Path) -> Path:
        """Copy a file as UTF-8 with uniform line endings, without holding it in memory."""
        copy = self._folder / f"{next(self._numbers)}.txt"
        try:
            with _text(source, path, newline=None) as lines, copy.open("w", encoding="utf-8", newline="\n") as out:
                shutil.copyfileobj(lines, out, _BLOCK)
        except (UnicodeError, OSError, EOFError) as error:
            raise BadInput(f"source {source.name}: {path} can't be read as {source.encoding}: {error}") from error
        return copy


# A folder named `status=cancelled` is a name, not a column: columns come from the file.
_FROM_FILE = "hive_partitioning=false"
_IS_OBJECT = "(json_valid(line) and coalesce(json_type(try_cast(line as json)) = 'OBJECT', false))"


def _parquet(path: Path) -> str:
    return f"read_parquet({_file_literal(path)}, {_FROM_FILE})"


def _file_literal(path: Path) -> str:
    """A path as a SQL literal for DuckDB's readers, with glob characters escaped."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def _header(source: FileSource, path: Path) -> tuple[str, ...]:
    """Column names of a CSV file, trimmed. A column without a name becomes `column_<number>`."""
    try:
        # Only the header is checked here. The reader rejects later lines with invalid bytes one by one.
        with _text(source, path, newline="", errors="replace") as lines:
            quoting = {"quotechar": source.quote} if source.quote else {"quoting": csv.QUOTE_NONE}
            cells = next(csv.reader(lines, delimiter=source.delimiter, strict=True, **quoting), [])
    except csv.Error as error:
        raise BadInput(
            f"source {source.name}: the header of {path} can't be read: {error}; is a quote not closed?"
        ) from error
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise BadInput(f"source {source.name}: {path} can't be read: {error}") from error
    if _starts_with(path, (b"PK\x03\x04",)):
        raise BadInput(f"source {source.name}: {path} is a workbook or a ZIP archive; save or unpack it as CSV")
    if any(_NOT_TEXT & set(cell) for cell in cells):
        hint = "; it starts with a UTF-16 byte-order mark: set `encoding: utf-16`" if _is_utf16(path) else ""
        hint = hint or "; spreadsheet exports are often `encoding: cp1252`"
        raise BadInput(f"source {source.name}: {path} is not text in {source.encoding}{hint}")
    names = [cell.strip("\ufeff \t\r\n\xa0") or f"column_{number}" for number, cell in enumerate(cells, start=1)]
    if not names or not any(cell.strip() for cell in cells):
        raise BadInput(f"source {source.name}: {path} starts with an empty line; expected a header line")
    if len(names) == 1:
        other = next((d for d in _COMMON_DELIMITERS if d != source.delimiter and d in names[0]), None)
        if other:
            raise BadInput(
                f"source {source.name}: {path} has one column, {names[0]!r}; it seems to be separated by"
                f" {_COMMON_DELIMITERS[other]}: set `delimiter: {other!r}`"
            )
    _check_unique(source, path, names)
    return tuple(names)


def _check_unique(source: FileSource, path: Path, names: list[str]) -> None:
    repeated = sorted(name for name, times in Counter(name.lower() for name in names).items() if times > 1)
    if repeated:
        raise BadInput(f"source {source.name}: {path} has duplicate column names: {', '.join(repeated)}")


def _text(source: FileSource, path: Path, newline: str | None, errors: str = "strict") -> IO[str]:
    """Open a file as text, decompressed if it is gzip, without its byte-order mark."""
    encoding = "utf-8-sig" if codecs.lookup(source.encoding).name == "utf-8" else source.encoding
    binary = gzip.open(path, "rb") if _is_gzip(path) else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline=newline)


def _is_gzip(path: Path) -> bool:
    return _starts_with(path, (b"\x1f\x8b",))


def _check_gzip(source: FileSource, path: Path) -> None:
    """Raises BadInput for a truncated or damaged gzip file. DuckDB would read its beginning without an error."""
    try:
        with gzip.open(path, "rb") as handle:
            while handle.read(_BLOCK):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"source {source.name}: {path} is truncated or damaged: {error}") from error


def _is_utf16(path: Path) -> bool:
    return _starts_with(path, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _starts_with(path: Path, marks: tuple[bytes, ...]) -> bool:
    with path.open("rb") as handle:
        return handle.read(4).startswith(marks)


def _names(paths: list[Path]) -> str:
    shown = [str(path) for path in paths[:3]]
    return ", ".join(shown) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


def reject_lines(connection: duckdb.DuckDBPyConnection, limit: int) -> Iterator[str]:
    """The first rejects, each as `file, line 3, column b: reason`."""
    rows = connection.execute(
        f"select file, line, column_name, error from {REJECTS} order by all limit {limit}"
    ).fetchall()
    for file, line, column, error in rows:
        yield f"{file}, line {line}{f', column {column}' if column else ''}: {error}"
