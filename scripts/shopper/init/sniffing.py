"""Detects format, encoding, delimiter, header and first values of a file. Used for drafts that a person checks; the
loader itself never guesses.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import islice, takewhile
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.load.sources import format_of
from shopper.sql import literal, reason

_SAMPLE_BYTES = 1 << 20
_SAMPLE_ROWS = 200
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Sniffed:
    """A file: its format, the options that differ from the loader's defaults, and its columns with their first values.
    `pattern` is a glob if several files have the same columns, else None.
    """

    path: Path
    format: str
    options: dict[str, str]
    columns: dict[str, tuple[str, ...]]
    pattern: str | None = None

    @property
    def place(self) -> Path:
        """The path of the file, or the glob of the files with the same columns."""
        return self.path.with_name(self.pattern) if self.pattern else self.path


def sniff(path: Path) -> Sniffed:
    """Detect a file's format from its beginning. Raises BadInput if it can't be read or its suffix is unknown."""
    file_format = format_of(path.name)
    if file_format is None:
        raise BadInput(f"{path}: unknown suffix; expected csv, tsv, jsonl or parquet (gzip is allowed)")
    try:
        if path.stat().st_size == 0:
            raise BadInput(f"{path} is empty (0 bytes)")
        return _csv(path) if file_format == "csv" else _typed(path, file_format)
    except (OSError, EOFError, csv.Error) as error:
        raise BadInput(f"{path} can't be read: {error}") from error
    except duckdb.Error as error:
        raise BadInput(f"{path} can't be read as {file_format}: {reason(error)}") from error


def together(files: Sequence[Sniffed]) -> list[Sniffed]:
    """Combine files of one folder with the same columns into one, if a glob matches them and no other file."""
    groups: dict[tuple[object, ...], list[Sniffed]] = {}
    for file in files:
        key = (file.path.parent, file.format, tuple(file.options.items()), tuple(file.columns))
        groups.setdefault(key, []).append(file)
    found = []
    for members in groups.values():
        others = [file.path.name for file in files if file not in members]
        found.append(replace(members[0], pattern=_glob([file.path.name for file in members], others)))
    return found


def _glob(names: list[str], others: list[str]) -> str | None:
    """The shortest glob that matches all names and none of the others; None if there is only one name."""
    if len(names) == 1:
        return None
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    common = "".join(signs[0] for signs in alike)
    suffix = "".join(Path(names[0]).suffixes[-2:] if names[0].endswith(".gz") else [Path(names[0]).suffix])
    short = common.rstrip("0123456789-_. ")
    for prefix in (short, common[: len(short) + 1], common):
        if not any(fnmatch(name, f"{prefix}*{suffix}") for name in others):
            return f"{prefix}*{suffix}"
    return f"{common}*{suffix}"


def _csv(path: Path) -> Sniffed:
    with path.open("rb") as plain:
        is_gzip = plain.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if is_gzip else path.open("rb") as handle:
        beginning = handle.read(_SAMPLE_BYTES)
    encoding = _MARKS.get(beginning[:2]) or _encoding(beginning)
    text = beginning.decode(encoding, errors="ignore").lstrip("\ufeff")
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda sign: (header.count(sign), -_DELIMITERS.index(sign)))
    rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SAMPLE_ROWS + 1))
    names = [cell.strip(" \t\xa0") or f"column_{number}" for number, cell in enumerate(rows[0], start=1)]
    columns = {name: tuple(row[i] for row in rows[1:] if i < len(row) and row[i]) for i, name in enumerate(names)}
    options = {"encoding": encoding} if encoding != "utf-8" else {}
    if delimiter != ("\t" if ".tsv" in path.name.lower() else ","):
        options["delimiter"] = delimiter
    return Sniffed(path, "csv", options, columns)


def _encoding(beginning: bytes) -> str:
    try:
        # The sample may end in the middle of a character, which is no evidence of another encoding.
        beginning[: len(beginning) - 4 if len(beginning) == _SAMPLE_BYTES else None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _typed(path: Path, file_format: str) -> Sniffed:
    function = "read_parquet({})" if file_format == "parquet" else "read_json({}, format='newline_delimited')"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.execute(f"select columns(*)::varchar from {function.format(literal(str(path)))} limit 200")
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    columns = {name: tuple(row[i] for row in rows if row[i] is not None) for i, name in enumerate(names)}
    return Sniffed(path, file_format, {}, columns)
