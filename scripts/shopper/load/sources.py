"""Sources of a mapping: files, tables of databases, and SQL over other sources."""

from __future__ import annotations

import codecs
import errno
import os
import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from shopper.errors import BadInput
from shopper.load import named_columns, row_keys
from shopper.load.database_sources import KINDS, DatabaseSource, database_source_of
from shopper.load.entries import only_keys, text_of
from shopper.load.named_columns import NamedColumns
from shopper.load.row_keys import RowKey, place_of_name, row_key_of
from shopper.load.variables import expanded, home_expanded
from shopper.sql import is_unicode

FORMATS = ("csv", "jsonl", "json", "parquet", "xlsx")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
_FILE_KEYS = ("path", "format", "delimiter", "encoding", "quote", "skip", "skip_after", "records", "sheet",
              "decimal")  # fmt: skip
_LISTED_KEYS = ("fill", *row_keys.KEYS)
UNTIL_HEADER = "until header"
_LONGEST_SHOWN = 300
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALTERNATIVES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_PATTERN = re.compile(r"[*?\[{]")
# Names of tables in the scratch database.
_OF_THE_LOADER = re.compile(r"(?i)rejects|landed_files|renamed|loaded|delivered|(?:lines|scans|errors)_\d+")


@dataclass(frozen=True)
class FileSource:
    """Files of one format that form one table. `path` may contain ${NAME}, see `files_of`.

    skip: lines above the header, None if the header is the first line that holds all needed columns. skip_after: the
    rows of a file end before the first one whose first cell starts with this. records: the place of the list of records
    in a JSON document, keys joined by points; None if the document is the list. sheet: the name of a workbook's sheet;
    None if it has only one. decimal: a comma if the numbers of a CSV file have a decimal comma. key: by which rows of
    overlapping files are the same; None if files do not overlap. fill: columns whose blanks have the value of the row
    above.
    """

    name: str
    path: str
    format: str
    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'
    columns: NamedColumns = field(default_factory=NamedColumns)
    skip: int | None = 0
    skip_after: str | None = None
    records: str | None = None
    sheet: str | None = None
    decimal: str = "."
    key: RowKey | None = None
    fill: tuple[str, ...] = ()


@dataclass(frozen=True)
class AbsentSource:
    """A file that the shop does not have: the named columns and no rows."""

    name: str
    columns: NamedColumns


@dataclass(frozen=True)
class QuerySource:
    """A table computed by SQL over other sources (`uses`, by name)."""

    name: str
    query: str
    uses: tuple[str, ...]


StoredSource = FileSource | DatabaseSource
Source = StoredSource | AbsentSource | QuerySource


def source_of(name: str, entry: Any, above: tuple[str, ...], where: str) -> Source:
    """Read the entry of a source. A query may use the sources above it.

    Raises BadInput with the position, the value and what was expected.
    """
    if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name):
        raise BadInput(f"{where}: expected a source name of letters, digits and underscores")
    if _OF_THE_LOADER.fullmatch(name):
        raise BadInput(f"{where}: the loader has a table {name} of its own; choose another name")
    if name.lower() in map(str.lower, above):
        raise BadInput(f"{where}: there is a source of this name above, but for capitals; choose another name")
    if isinstance(entry, dict) and entry.get("absent", "false") != "false":
        return _absent_source(name, entry, where)
    kinds: dict[str, Callable[[str, Mapping[str, Any], tuple[str, ...], str], Source]] = {
        "path": _file_source,
        **{kind: partial(_database_source, kind) for kind in KINDS},
        "query": _query_source,
    }
    given = [key for key in kinds if isinstance(entry, dict) and key in entry]
    if len(given) != 1:
        raise BadInput(f"{where}: needs one of {', '.join(list(kinds)[:-1])} and query")
    return kinds[given[0]](name, entry, above, where)


def files_of(source: FileSource, folder: Path) -> list[Path]:
    """The files of a source, by name. `folder` is that of the mapping file. A folder yields the files with the suffixes
    of the format.

    Raises BadInput if a variable in the path is not set or no file exists.
    """
    whole = path_of(source, folder)
    try:
        found = _existing(source, whole)
    except OSError as error:
        raise BadInput(f"source {source.name}: the path {_shortened(whole)} can't be used: {error.strerror}") from error
    for file in found:
        if not is_unicode(str(file)):
            shown = str(file).encode("utf-8", "replace").decode("utf-8")
            raise BadInput(f"source {source.name}: the name of {shown} is not UTF-8; rename the file")
    return sorted(found, key=lambda file: place_of_name(str(file)))


def path_of(source: FileSource, folder: Path) -> Path:
    """The path of a source, of a file, a folder or a glob, with its variables replaced."""
    path = home_expanded(expanded(source.path, f"source {source.name}: the path {source.path}"))
    return path if path.is_absolute() else folder / path


def has_files(whole: Path) -> bool:
    """Whether a path is that of a folder whose files are read. A list of names may be longer than any name."""
    return "{" not in whole.name and whole.is_dir()


def is_hidden(file: Path) -> bool:
    """Whether a file belongs to no folder or glob: hidden ones and those that Excel locks."""
    return file.name.startswith((".", "~$"))


def _existing(source: FileSource, whole: Path) -> list[Path]:
    """The files of a path, unsorted."""
    if _is_existing_file(whole):
        return [whole]
    if has_files(whole):
        home = whole
        found = [file for file in whole.iterdir() if file.is_file() and format_of(file.name) == source.format]
        missing = f"no file of format {source.format} in the folder {whole}"
    else:
        home = next(folder for folder in whole.parents if not _PATTERN.search(str(folder)))
        patterns = alternatives(str(whole.relative_to(whole.anchor)))
        found = [file for one in patterns for file in Path(whole.anchor).glob(one) if file.is_file()]
        missing = f"no file {_shortened(whole)}"
    visible = [file for file in found if not is_hidden(file)]
    if not visible:
        raise BadInput(f"source {source.name}: {missing}")
    for file in visible:
        # Whoever delivers files must not choose which others are read.
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(home)):
            raise BadInput(
                f"source {source.name}: {file} is a link that leads out of {home}; put the file itself there"
            )
    return visible


def _is_existing_file(whole: Path) -> bool:
    """Whether the path is that of one file. A list of names, `{orders,returns}.csv`, may be longer than any name."""
    try:
        return whole.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG and _ALTERNATIVES.search(whole.name):
            return False
        raise


def alternatives(pattern: str) -> list[str]:
    """The globs that a pattern stands for: `{orders,returns}.csv` is two. Braces without a comma are themselves."""
    found = _ALTERNATIVES.search(pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return list(dict.fromkeys(one for part in found[1].split(",") for one in alternatives(before + part + after)))


def _shortened(path: Path) -> str:
    text = str(path)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _query_source(name: str, entry: Mapping[str, Any], above: tuple[str, ...], where: str) -> QuerySource:
    only_keys(entry, ("query",), where)
    query = text_of(entry, "query", where) or ""
    words = {word.lower() for word in _IDENTIFIER.findall(query)}
    return QuerySource(name, query, tuple(source for source in above if source.lower() in words))


def _database_source(
    kind: str, name: str, entry: Mapping[str, Any], _above: tuple[str, ...], where: str
) -> DatabaseSource:
    return database_source_of(kind, name, entry, where)


def _file_source(name: str, entry: Mapping[str, Any], _above: tuple[str, ...], where: str) -> FileSource:
    only_keys(entry, (*_FILE_KEYS, *_LISTED_KEYS, *named_columns.KEYS, "absent"), where)
    columns = named_columns.named_columns_of(entry, where)
    values = {key: text_of(entry, key, where) for key in _FILE_KEYS}
    path = values["path"] or ""
    file_format = values["format"] or format_of(path)
    if file_format not in FORMATS:
        text = f"format {file_format}" if file_format else "the format is not clear from the path"
        raise BadInput(f"{where}: {text}; expected `format:` with one of {', '.join(FORMATS)}")
    delimiter = values["delimiter"] if values["delimiter"] is not None else "\t" if ".tsv" in path.lower() else ","
    quote = values["quote"] if values["quote"] is not None else '"'
    if len(delimiter) != 1 or len(quote) > 1:
        raise BadInput(f"{where}: delimiter must be one character, quote one or none")
    encoding = values["encoding"] or "utf-8"
    try:
        is_text = codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise BadInput(f"{where}: unknown encoding {encoding}; expected utf-8, latin-1, cp1252 ...")
    if file_format not in {"csv", "xlsx"} and (values["skip"] or values["skip_after"]):
        raise BadInput(f"{where}: skip and skip_after are for csv and xlsx only")
    for key, only in (("records", "json"), ("sheet", "xlsx")):
        if values[key] and file_format != only:
            raise BadInput(f"{where}: {key} is for {only} only")
    decimal = values["decimal"] or "."
    if decimal not in {",", "."}:
        raise BadInput(f"{where}.decimal: expected a comma or a point, got {decimal!r}")
    if decimal == "," and file_format != "csv":
        raise BadInput(f"{where}: decimal is for csv only")
    skip = _skip(values["skip"], columns, where)
    fill = named_columns.texts_of(entry, "fill", where)
    if fill and file_format not in {"csv", "xlsx"}:
        raise BadInput(f"{where}: fill is for csv and xlsx only")
    return FileSource(
        name, path, file_format, delimiter, encoding, quote, columns, skip, values["skip_after"] or None,
        values["records"] or None, values["sheet"] or None, decimal, row_key_of(entry, where), fill,
    )  # fmt: skip


def _skip(text: str | None, columns: NamedColumns, where: str) -> int | None:
    if text == UNTIL_HEADER:
        if not columns.needs:
            raise BadInput(f"{where}.skip: {UNTIL_HEADER} needs the columns of the header, in `needs`")
        return None
    if text is not None and not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadInput(f"{where}.skip: expected a number of lines or {UNTIL_HEADER!r}, got {text!r}")
    return int(text or 0)


def _absent_source(name: str, entry: Mapping[str, Any], where: str) -> AbsentSource:
    only_keys(entry, (*_FILE_KEYS, *_LISTED_KEYS, *KINDS, "table", *named_columns.KEYS, "absent"), where)
    if entry["absent"] != "true":
        raise BadInput(f"{where}.absent: expected true or false, got {reprlib.repr(entry['absent'])}")
    columns = named_columns.named_columns_of(entry, where)
    if not columns.all:
        raise BadInput(f"{where}: a source that is absent needs its columns, in `needs` or `may_have`")
    return AbsentSource(name, columns)


def format_of(path: str) -> str | None:
    """The format by the file's suffix; None if the suffix is unknown."""
    plain = path.lower().removesuffix(".gz").removesuffix(".zst").removesuffix(".zstd")
    return next((name for suffix, name in _SUFFIXES.items() if plain.endswith(suffix)), None)
