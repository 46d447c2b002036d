"""Reads the lines of text files with DuckDB's CSV reader. Those that it can't read are rejects, and reading goes on."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.headers import trimmed_lines
from shopper.load.parquet_files import FROM_FILE, file_literal, names_of
from shopper.load.shapes import FILE_COLUMN
from shopper.load.sources import FileSource
from shopper.load.text_files import check_compressed, compression_of, open_text
from shopper.sql import literal, reason

REJECTS = "rejects"
_MAX_LINE_BYTES = 16 * 1024 * 1024


class Scanner:
    """Reads files into tables of one scratch database. Copies in UTF-8 of files in another encoding go to `folder`.

    read_from: what was read by path of a file, the file itself or its copy; shown: the path of a file, for messages, by
    what was read; numbers: for names of copies and tables.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Create the table of rejects in the scratch database."""
        self._connection = connection
        self._folder = folder
        self.numbers = count(1)
        self.read_from: dict[Path, str] = {}
        self.shown: dict[str, str] = {}
        connection.execute(
            f"create table {REJECTS} (source varchar, file varchar, line bigint, column_name varchar, error varchar,"
            " line_text varchar)"
        )

    def lines(
        self, source: FileSource, paths: list[Path], options: str, skipped: int = 0, *, are_copied: bool = False
    ) -> str:
        """Read files with DuckDB's CSV reader into a relation. Unreadable lines go to the rejects.

        Files in another encoding, with mixed line endings, or with lines to skip, are read from a copy in UTF-8, and so
        are files with a line break in their header (`are_copied`): where it is another than that of the rows, DuckDB
        reads no row. What is read of a file does not depend on the others.
        """
        is_utf8 = codecs.lookup(source.encoding).name in {"utf-8", "utf-8-sig"}
        is_whole = is_utf8 and not skipped and source.skip_after is None and not are_copied
        readable = {path if is_whole else self.copy(source, path, skipped): path for path in paths}
        try:
            return self._scan(source, readable, options, skipped)
        except duckdb.InvalidInputException as error:
            if "invalid state" not in str(error):
                raise BadInput(f"source {source.name}: {names_of(paths)}: {reason(error)}") from error
        except duckdb.Error as error:
            raise BadInput(f"source {source.name}: {names_of(paths)}: {reason(error)}") from error
        if len(paths) > 1:
            tables = (self.lines(source, [path], options, skipped, are_copied=are_copied) for path in paths)
            return f"({' union all '.join(f'select * from {table}' for table in tables)})"
        return self._scan(source, {self.copy(source, path, skipped): path for path in paths}, options, skipped)

    def _scan(self, source: FileSource, readable: dict[Path, Path], options: str, skipped: int) -> str:
        """Read files into a table. `readable` maps the path that is read to the original path, for messages."""
        self.shown |= {str(read): str(path) for read, path in readable.items()}
        self.read_from |= {path: str(read) for read, path in readable.items()}
        number = next(self.numbers)
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

    def copy(self, source: FileSource, path: Path, skipped: int) -> Path:
        """Copy a file as UTF-8 with uniform line endings, from its header on, without holding it in memory."""
        copy = self._folder / f"{next(self.numbers)}.txt"
        if compression_of(path) != "none":
            check_compressed(source, path)
        try:
            with open_text(source, path, newline=None) as lines, copy.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(trimmed_lines(source, lines, skipped))
        except (UnicodeError, OSError, EOFError, csv.Error) as error:
            raise BadInput(f"source {source.name}: {path} can't be read as {source.encoding}: {error}") from error
        return copy


def reject_lines(connection: duckdb.DuckDBPyConnection, limit: int) -> Iterator[str]:
    """The first rejects, each as `file, line 3, column b: reason`."""
    rows = connection.execute(
        f"select file, line, column_name, error from {REJECTS} order by all limit {limit}"
    ).fetchall()
    for file, line, column, error in rows:
        yield f"{file}, line {line}{f', column {column}' if column else ''}: {error}"
