"""Detects format, encoding, delimiter, header and first values of a file. Used for mappings that a person checks; the
loader itself never guesses.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from glob import escape
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.init.beginnings import Beginning, beginning_of, text_of_beginning
from shopper.init.encodings import Encoding
from shopper.load.sources import FileSource, format_of
from shopper.load.workbooks import visible_sheets, write_sheet
from shopper.sql import literal, reason

_SAMPLE_ROWS = 200
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Sniffed:
    """A file: its format, the options that differ from the loader's defaults, and its columns with their first values.

    pattern: a glob if several files have the same columns, else None. beginning: the first rows of a CSV file, title
    rows included. encoding: that of a text file.
    """

    path: Path
    format: str
    options: dict[str, str]
    columns: dict[str, tuple[str, ...]]
    pattern: str | None = None
    beginning: Beginning | None = None
    encoding: Encoding | None = None

    @property
    def place(self) -> Path:
        """The path of the file, or the glob of the files with the same columns."""
        return self.path.with_name(self.pattern) if self.pattern else self.path

    @property
    def remarks(self) -> list[str]:
        """What the user should know of the file itself."""
        found = []
        if self.encoding and self.encoding.is_guess:
            found.append(f"{self.path}: read as {self.encoding.name}, since its text is not UTF-8")
        if self.encoding and self.encoding.broken:
            bad = self.encoding.broken
            more = f" and {bad.number - 1} more" if bad.number > 1 else ""
            found.append(
                f"{self.path}, line {bad.line}: byte 0x{bad.byte:02x}{more} is not UTF-8, as the rest of the file is;"
                " correct it, or the load stops there"
            )
        if self.columns and not any(self.columns.values()):
            found.append(f"{self.path}: a header and no rows")
        return found


def sniff(path: Path) -> Sniffed:
    """Detect a file's format from its beginning. Raises BadInput if it can't be read or its suffix is unknown."""
    file_format = format_of(path.name) or ("csv" if path.name.lower().endswith((".txt", ".txt.gz")) else None)
    readers = {"csv": _csv, "jsonl": _jsonl, "json": _json, "parquet": _parquet, "xlsx": _workbook}
    if not path.is_file():
        raise BadInput(f"{path}: a folder; name its files" if path.is_dir() else f"{path}: no such file")
    if file_format not in readers:
        known = "csv, tsv, jsonl, json, parquet or xlsx (gzip and zstd are allowed)"
        raise BadInput(f"{path}: unknown suffix; expected {known}")
    try:
        if path.stat().st_size == 0:
            raise BadInput(f"{path} is empty (0 bytes)")
        return readers[file_format](path)
    except (OSError, EOFError) as error:
        raise BadInput(f"{path} can't be read: {error}") from error
    except duckdb.Error as error:
        raise BadInput(f"{path} can't be read as {file_format}: {reason(error)}") from error


def digest_of(path: Path) -> str:
    """A digest of the content of a file. Raises BadInput if it can't be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error}") from error


def together(files: Sequence[Sniffed]) -> list[Sniffed]:
    """Combine files of one folder with the same columns into one, if a glob matches them and no other file."""
    groups: dict[tuple[object, ...], list[Sniffed]] = {}
    for file in files:
        key = (file.path.parent, file.format, tuple(file.options.items()), tuple(file.columns))
        groups.setdefault(key, []).append(file)
    found = []
    for members in groups.values():
        others = [file.path.name for file in files if file not in members]
        found.append(replace(members[0], pattern=glob_of([file.path.name for file in members], others)))
    return found


def glob_of(names: list[str], others: list[str]) -> str | None:
    """The shortest glob that matches all names and none of the others; None if there is only one name.

    Where no beginning is only theirs, the names are listed: `{orders,returns}.csv`.
    """
    if len(names) == 1:
        return None
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    common = "".join(signs[0] for signs in alike)
    suffix = "".join(
        Path(names[0]).suffixes[-2:] if names[0].endswith((".gz", ".zst", ".zstd")) else [Path(names[0]).suffix]
    )
    short = common.rstrip("0123456789-_. ")
    for prefix in (short, common[: len(short) + 1], common):
        if not any(fnmatch(name, f"{prefix}*{suffix}") for name in others):
            return f"{prefix}*{suffix}"
    stems = [name.removesuffix(suffix) for name in names]
    if any(set(stem) & set("{},") for stem in stems):
        return f"{common}*{suffix}"
    return f"{{{','.join(escape(stem) for stem in stems)}}}{suffix}"


def _csv(path: Path) -> Sniffed:
    found = beginning_of(path)
    names = [cell.strip(" \t\xa0") or f"column_{number}" for number, cell in enumerate(found.header, start=1)]
    rows = found.rows[found.header_row + 1 :]
    columns = {
        name: tuple(row[i] for row in rows[:_SAMPLE_ROWS] if i < len(row) and row[i]) for i, name in enumerate(names)
    }
    options = {} if format_of(path.name) else {"format": "csv"}
    options |= _encoding_option(found.encoding)
    if found.delimiter != ("\t" if ".tsv" in path.name.lower() else ","):
        options["delimiter"] = found.delimiter
    if found.lines_above(found.header_row):
        options["skip"] = str(found.lines_above(found.header_row))
    return Sniffed(path, "csv", options, columns, beginning=found, encoding=found.encoding)


def _jsonl(path: Path, file_format: str = "jsonl") -> Sniffed:
    """The keys of the first lines. A line that is no object, or nested too deeply to be read, is left out."""
    encoding, text = text_of_beginning(path)
    objects = [found for found in map(_object, text.splitlines()[:_SAMPLE_ROWS]) if found is not None]
    if not objects:
        raise BadInput(f"{path} can't be read as {file_format}: none of its first lines is a JSON object")
    return Sniffed(path, file_format, _encoding_option(encoding), _values(objects), encoding=encoding)


def _json(path: Path) -> Sniffed:
    """The keys of the first records of a list. Some tools write a record on each line into `.json` files."""
    encoding, text = text_of_beginning(path)
    if _object(text.lstrip().partition("\n")[0]) is not None:
        return _jsonl(path, "json")
    objects = _first_records(text)
    if not objects:
        raise BadInput(f"{path} is no list of records; map it by hand with `records:`, the place of the list in it")
    return Sniffed(path, "json", _encoding_option(encoding), _values(objects), encoding=encoding)


def _encoding_option(encoding: Encoding) -> dict[str, str]:
    return {} if encoding.name == "utf-8" else {"encoding": encoding.name}


def _first_records(text: str) -> list[dict[str, Any]]:
    """The first records of the beginning of a list; the beginning may end within a record."""
    text = text.lstrip()
    found: list[dict[str, Any]] = []
    place = 1 if text.startswith("[") else len(text)
    while len(found) < _SAMPLE_ROWS:
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
        try:
            one, place = json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        if not isinstance(one, dict):
            break
        found.append(one)
    return found


def _values(objects: Sequence[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The values of each key, as text."""
    columns: dict[str, list[str]] = {}
    for one in objects:
        for key, value in one.items():
            values = columns.setdefault(key, [])
            if value is not None:
                values.append(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return {name: tuple(values) for name, values in columns.items()}


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _workbook(path: Path) -> Sniffed:
    """The sheet with the most values at its beginning, read as the loader reads it."""
    found = {}
    sheets = visible_sheets(path)
    with TemporaryDirectory() as folder:
        for number, sheet in enumerate(sheets):
            copy = Path(folder) / f"{number}.csv"
            # Empty rows are kept, since `skip` counts them.
            source = FileSource("sheet", str(path), "xlsx", skip=_SAMPLE_ROWS, sheet=sheet)
            write_sheet(source, path, copy, most_rows=_SAMPLE_ROWS)
            if copy.stat().st_size > 0:
                found[sheet] = _csv(copy)
    if not found:
        raise BadInput(f"{path} is empty")
    best = max(found, key=lambda sheet: sum(map(len, found[sheet].columns.values())))
    options = {"sheet": best} if len(sheets) > 1 else {}
    options |= {key: value for key, value in found[best].options.items() if key == "skip"}
    return replace(found[best], path=path, format="xlsx", options=options)


def _parquet(path: Path) -> Sniffed:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.execute(
            f"select columns(*)::varchar from read_parquet({literal(str(path))}, hive_partitioning = false)"
            f" limit {_SAMPLE_ROWS}"
        )
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    columns = {name: tuple(row[i] for row in rows if row[i] is not None) for i, name in enumerate(names)}
    return Sniffed(path, "parquet", {}, columns)
