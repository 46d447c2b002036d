"""Reads source files into the scratch database of the loader, with explicit columns and without type detection.

CSV and JSON Lines become text; Parquet keeps its types for the expressions of the mapping. A line that does not match
the header, or is not JSON, is a reject: it is stored with file, line and reason, and reading goes on.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.deliveries import Delivery, FileColumns, ReadSource
from shopper.load.headers import Header, check_unique, header_of, trimmed_lines
from shopper.load.named_columns import NamedColumns
from shopper.load.relations import create_relations
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.sources import FileSource
from shopper.load.text_files import check_gzip, is_gzip, open_text
from shopper.sql import literal, quoted, reason

REJECTS = "rejects"
Headers = dict[Path, tuple[str, ...]]
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

    def read(self, source: FileSource, delivery: Delivery) -> ReadSource:
        """Read the files of a source.

        Raises BadInput for a file that is empty, unreadable or not in the given format.
        """
        paths = [Path(file.name) for file in delivery.files]
        read = {"csv": self._read_csv, "jsonl": self._read_jsonl, "parquet": self._read_parquet}[source.format]
        headers, rows = read(source, paths)
        create_relations(self._connection, source.name, source.columns, rows, self._shown)
        return ReadSource(
            delivery,
            tuple(columns_of(self._connection, quoted(source.name))),
            tuple(
                FileColumns(str(path), self._rows_of(source, path), (*header, *source.columns.absent(header)))
                for path, header in headers.items()
            ),
            self._count(f"select count(*) from read.{quoted(source.name)}"),
            self._count(f"select count(*) from {REJECTS} where source = {literal(source.name)}"),
        )

    def _rows_of(self, source: FileSource, path: Path) -> str:
        """SQL for the rows of one file."""
        if source.format == "parquet" and source.columns == NamedColumns():
            return _parquet(path)
        file = literal(self._read_from.get(path, str(path)))
        return f"(select * from read.{quoted(source.name)} where {FILE_COLUMN} = {file})"

    def _count(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _read_csv(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str]:
        """Read CSV files. Files with the same header are read together; the results are combined by column name."""
        headers = {path: header_of(source, path) for path in paths}
        groups: dict[Header, list[Path]] = {}
        for path, header in headers.items():
            groups.setdefault(header, []).append(path)
        selects = []
        for header, members in groups.items():
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header.names)
            options = (
                f"header=true, delim={literal(source.delimiter)}, quote={literal(source.quote)},"
                f" escape={literal(source.quote)}, columns={{{columns}}}"
            )
            within = _constants(dict(header.within))
            selects.append(f"select *{within} from {self._lines(source, members, options, header.skipped)}")
        return {path: header.names for path, header in headers.items()}, " union all by name ".join(selects)

    def _read_jsonl(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str]:
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
        return headers, f"select * from {table}"

    def _read_parquet(self, source: FileSource, paths: list[Path]) -> tuple[Headers, str]:
        """Read Parquet files, combined by column name."""
        own: Headers = {}
        for path in paths:
            try:
                own[path] = tuple(
                    columns_of(self._connection, f"read_parquet({_file_literal(path)}, hive_partitioning=false)")
                )
            except duckdb.Error as error:
                raise BadInput(
                    f"source {source.name}: {path} is not a readable Parquet file: {reason(error)}"
                ) from error
        headers = {path: source.columns.renamed(names) for path, names in own.items()}
        for path, header in headers.items():
            source.columns.require(f"source {source.name}: {path}", header)
        groups: dict[str, list[Path]] = {}
        for path, header in headers.items():
            renamed = ", ".join(f"{quoted(a)} as {quoted(b)}" for a, b in zip(own[path], header, strict=True) if a != b)
            within = _constants(source.columns.within(own[path]))
            groups.setdefault((f" rename ({renamed})" if renamed else "") + within, []).append(path)
        selects = []
        for changes, members in groups.items():
            if len(members) == 1:
                # Not with the option `filename`: DuckDB 1.5 fails on a condition on it if there is one file.
                file = literal(str(members[0]))
                selects.append(f"select *{changes}, {file} as {FILE_COLUMN} from {_parquet(members[0])}")
                continue
            files = ", ".join(_file_literal(path) for path in members)
            selects.append(
                f"select *{changes} from"
                f" read_parquet([{files}], {_FROM_FILE}, union_by_name=true, filename={literal(FILE_COLUMN)})"
            )
        rows = " union all by name ".join(selects)
        try:
            self._connection.execute(f"describe {rows}")
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        return headers, rows

    def _lines(self, source: FileSource, paths: list[Path], options: str, skipped: int = 0) -> str:
        """Read files with DuckDB's CSV reader into a table. Unreadable lines go to the rejects.

        Files in another encoding, with mixed line endings, or with lines to skip, are read from a copy in UTF-8.
        """
        is_utf8 = codecs.lookup(source.encoding).name in {"utf-8", "utf-8-sig"}
        is_whole = is_utf8 and not skipped and source.skip_after is None
        readable = {path if is_whole else self._copy(source, path, skipped): path for path in paths}
        try:
            return self._scan(source, readable, options, skipped)
        except duckdb.InvalidInputException as error:
            if "invalid state" not in str(error):
                raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {_names(paths)}: {reason(error)}") from error
        return self._scan(source, {self._copy(source, path, skipped): path for path in paths}, options, skipped)

    def _scan(self, source: FileSource, readable: dict[Path, Path], options: str, skipped: int) -> str:
        """Read files into a table. `readable` maps the path that is read to the original path, for messages."""
        self._shown |= {str(read): str(path) for read, path in readable.items()}
        self._read_from |= {path: str(read) for read, path in readable.items()}
        number = next(self._numbers)
        table, scans, errors = f"lines_{number}", f"scans_{number}", f"errors_{number}"
        selects = []
        for compressed in (False, True):
            files = [path for path in readable if is_gzip(path) == compressed]
            if files:
                for path in files if compressed else ():
                    check_gzip(source, path)
                names = ", ".join(_file_literal(path) for path in files)
                selects.append(
                    f"select * from read_csv([{names}], auto_detect=false, {options}, strict_mode=true,"
                    f" {_FROM_FILE}, compression={literal('gzip' if compressed else 'none')},"
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
        try:
            with open_text(source, path, newline=None) as lines, copy.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(trimmed_lines(source, lines, skipped))
        except (UnicodeError, OSError, EOFError, csv.Error) as error:
            raise BadInput(f"source {source.name}: {path} can't be read as {source.encoding}: {error}") from error
        return copy


def _constants(texts: Mapping[str, str]) -> str:
    """SQL of additional columns that hold one text each."""
    return "".join(f", {literal(text)} as {quoted(column)}" for column, text in texts.items())


# A folder named `status=cancelled` is a name, not a column: columns come from the file.
_FROM_FILE = "hive_partitioning=false"
_IS_OBJECT = "(json_valid(line) and coalesce(json_type(try_cast(line as json)) = 'OBJECT', false))"


def _parquet(path: Path) -> str:
    return f"read_parquet({_file_literal(path)}, {_FROM_FILE})"


def _file_literal(path: Path) -> str:
    """A path as a SQL literal for DuckDB's readers, with glob characters escaped."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


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
