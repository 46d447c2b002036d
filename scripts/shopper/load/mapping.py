"""The mapping file: where the data is (sources) and which contract column each piece becomes (tables).

```yaml
sources:
  lines:
    path: ${LINES}            # a file, or a glob; relative to the mapping file; ${NAME} is an environment variable
    format: csv               # csv, jsonl or parquet; by the file's name when left out
    delimiter: ";"            # csv only; default ","
    encoding: latin-1         # csv and jsonl; default utf-8
    quote: '"'                # csv only; empty: no quoting
  sales:
    query: select * from lines where Quantity > 0       # SQL over the sources above it
tables:
  orders:                     # one mapping, or a list of them whose rows are put together
    source: sales
    where: InvoiceNo <> ''    # SQL over the source
    columns:                  # left out: the source's columns that have contract names
      order_id: InvoiceNo                                  # a column of the source
      status: {value: completed}                           # the same for every row
      ordered_at: {column: Date, format: "%d/%m/%Y %H:%M", timezone: Europe/London}   # local time to UTC
      customer_id: {expression: "cast(CustomerID as bigint)"}                         # SQL over the source
```
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from shopper.contract import Contract, Table
from shopper.errors import BadInput

FORMATS = ("csv", "jsonl", "parquet")
_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet"}
_SOURCE_KEYS = ("path", "format", "delimiter", "encoding", "quote")
_COLUMN_KEYS = ("column", "expression", "value", "format", "timezone")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class FileSource:
    """Files of one format that together are one table; `path` may still hold ${NAME}, see `files_of`."""

    name: str
    path: str
    format: str
    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'


@dataclass(frozen=True)
class QuerySource:
    """A table made by SQL over other sources (`uses`, by name)."""

    name: str
    query: str
    uses: tuple[str, ...]


Source = FileSource | QuerySource


@dataclass(frozen=True)
class ColumnMapping:
    """What one contract column is made of: exactly one of column, expression and value.

    format: strptime pattern of the text. timezone: IANA zone of the wall clock in it; the result is UTC.
    """

    target: str
    column: str | None = None
    expression: str | None = None
    value: str | None = None
    format: str | None = None
    timezone: str | None = None


@dataclass(frozen=True)
class Part:
    """Rows of one source for one contract table; `columns` is None where the source has contract names already."""

    source: str
    columns: tuple[ColumnMapping, ...] | None
    where: str | None = None


@dataclass(frozen=True)
class LoadMapping:
    """A whole mapping file, checked against the contract as far as that needs no data."""

    path: Path
    sources: dict[str, Source]
    tables: dict[str, tuple[Part, ...]]

    def needed_sources(self, tables: Iterable[str]) -> list[Source]:
        """The sources that these tables read, directly or through queries, in the order of the mapping file."""
        wanted = [part.source for table in tables for part in self.tables[table]]
        reached: set[str] = set()
        while wanted:
            name = wanted.pop()
            if name not in reached:
                reached.add(name)
                source = self.sources[name]
                wanted += source.uses if isinstance(source, QuerySource) else ()
        return [source for name, source in self.sources.items() if name in reached]

    def files_behind(self, table: str) -> list[str]:
        """Names of the file sources that a table's rows come from."""
        return [source.name for source in self.needed_sources([table]) if isinstance(source, FileSource)]


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean a or b?` for close names, else `; expected one of ...`."""
    names = sorted(known)
    lower = {known_name.lower(): known_name for known_name in names}
    close = [lower[match] for match in get_close_matches(name.lower(), lower, n=3, cutoff=0.6)]
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; expected one of {', '.join(names)}" if names else ""


def read_mapping(path: Path, contract: Contract) -> LoadMapping:
    """Read a mapping file.

    Raises BadInput naming the place in the file, what is there and what was expected.
    """
    document = _document(path)
    _only(document, ("sources", "tables"), str(path))
    sources: dict[str, Source] = {}
    for name, entry in _section(document, "sources", str(path)).items():
        sources[name] = _source(name, entry, tuple(sources), f"{path}: sources.{name}")
    tables = {
        name: _parts(name, entry, sources, contract, f"{path}: tables.{name}")
        for name, entry in _section(document, "tables", str(path)).items()
    }
    return LoadMapping(path, sources, tables)


def files_of(source: FileSource, folder: Path) -> list[Path]:
    """The files of a source, sorted; `folder` is the mapping file's.

    Raises BadInput when a variable of the path is not set or no file is there.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if not os.environ.get(name):
            raise BadInput(
                f"source {source.name}: the path {source.path} needs the environment variable {name}, which is not set"
            )
        return os.environ[name]

    path = Path(_VARIABLE.sub(value, source.path)).expanduser()
    whole = path if path.is_absolute() else folder / path
    if whole.is_dir():
        raise BadInput(f"source {source.name}: {whole} is a folder; name its files, for example {whole}/*.csv")
    if whole.is_file():
        return [whole]
    found = sorted(p for p in Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))) if p.is_file())
    if not found:
        raise BadInput(f"source {source.name}: no file {whole}")
    return found


def _document(path: Path) -> dict[str, Any]:
    try:
        # Every scalar is text: a column named `No` or a value `001` stays what it is.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise BadInput(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not a text file in UTF-8 ({error.reason})") from error
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise BadInput(f"{path}: expected a mapping with the keys sources and tables")
    return document


def _section(document: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    section = document.get(key)
    if not isinstance(section, dict) or not section:
        raise BadInput(f"{where}: needs a section {key}")
    return section


def _only(entry: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    allowed = tuple(allowed)
    for key in entry:
        if key not in allowed:
            raise BadInput(f"{where}: unknown key {key}{suggestion(str(key), allowed)}")


def _text(entry: Mapping[str, Any], key: str, where: str) -> str | None:
    if entry.get(key) is None:
        return None
    if not isinstance(entry[key], str):
        raise BadInput(f"{where}.{key}: expected text, got {entry[key]!r}")
    return str(entry[key])


def _source(name: str, entry: Any, above: tuple[str, ...], where: str) -> Source:
    """A source; a query may use those that stand above it."""
    if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name):
        raise BadInput(f"{where}: a source's name is letters, digits and underscores")
    if not isinstance(entry, dict) or ("path" in entry) == ("query" in entry):
        raise BadInput(f"{where}: needs either path or query")
    if "query" in entry:
        _only(entry, ("query",), where)
        query = _text(entry, "query", where) or ""
        words = {word.lower() for word in _IDENTIFIER.findall(query)}
        return QuerySource(name, query, tuple(source for source in above if source.lower() in words))
    _only(entry, _SOURCE_KEYS, where)
    values = {key: _text(entry, key, where) for key in _SOURCE_KEYS}
    path = values["path"] or ""
    file_format = values["format"] or _format_of(path)
    if file_format not in FORMATS:
        raise BadInput(f"{where}: format {file_format or 'is not clear from the path'}; expected {', '.join(FORMATS)}")
    delimiter = values["delimiter"] if values["delimiter"] is not None else ","
    quote = values["quote"] if values["quote"] is not None else '"'
    if len(delimiter) != 1 or len(quote) > 1:
        raise BadInput(f"{where}: delimiter is one character, quote one or none")
    encoding = values["encoding"] or "utf-8"
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise BadInput(f"{where}: unknown encoding {encoding}; expected utf-8, latin-1, cp1252 ...") from None
    return FileSource(name, path, file_format, delimiter, encoding, quote)


def _format_of(path: str) -> str | None:
    plain = path.lower().removesuffix(".gz")
    return next((name for suffix, name in _SUFFIXES.items() if plain.endswith(suffix)), None)


def _parts(name: str, entry: Any, sources: Mapping[str, Source], contract: Contract, where: str) -> tuple[Part, ...]:
    if name not in contract.by_name:
        raise BadInput(f"{where}: unknown table {name}{suggestion(name, contract.by_name)}")
    entries = entry if isinstance(entry, list) else [entry]
    if not entries:
        raise BadInput(f"{where}: needs a source")
    return tuple(
        _part(part, sources, contract.by_name[name], where if len(entries) == 1 else f"{where}[{number}]")
        for number, part in enumerate(entries, start=1)
    )


def _part(entry: Any, sources: Mapping[str, Source], table: Table, where: str) -> Part:
    if not isinstance(entry, dict) or "source" not in entry:
        raise BadInput(f"{where}: needs a source")
    _only(entry, ("source", "where", "columns"), where)
    if entry["source"] not in sources:
        raise BadInput(f"{where}: unknown source {entry['source']}{suggestion(str(entry['source']), sources)}")
    columns = entry.get("columns")
    if columns is None:
        return Part(entry["source"], None, _text(entry, "where", where))
    if not isinstance(columns, dict) or not columns:
        raise BadInput(f"{where}.columns: expected contract columns, each with what it is made of")
    for target in columns:
        if target not in table.by_name:
            raise BadInput(f"{where}: {table.name} has no column {target}{suggestion(str(target), table.by_name)}")
    mapped = {target: _column(target, made_of, f"{where}.columns.{target}") for target, made_of in columns.items()}
    require_columns(table, mapped, where)
    in_order = tuple(mapped[column.name] for column in table.columns if column.name in mapped)
    return Part(entry["source"], in_order, _text(entry, "where", where))


def require_columns(table: Table, present: Iterable[str], where: str) -> None:
    """Raises BadInput naming the columns that the table can't do without and that are not among `present`."""
    found = set(present)
    missing = [name for name in table.must_be_mapped if name not in found]
    if missing:
        columns = ", ".join(f"{table.name}.{name}" for name in missing)
        raise BadInput(f"{where}: required column missing: {columns}")


def _column(target: str, made_of: Any, where: str) -> ColumnMapping:
    if isinstance(made_of, str):
        return ColumnMapping(target, column=made_of)
    if not isinstance(made_of, dict):
        raise BadInput(f"{where}: expected the name of a source column, or one of column, expression and value")
    _only(made_of, _COLUMN_KEYS, where)
    if sum(key in made_of for key in ("column", "expression", "value")) != 1:
        raise BadInput(f"{where}: expected exactly one of column, expression and value")
    if "value" in made_of:
        _only(made_of, ("value",), where)
    return ColumnMapping(target, **{key: _text(made_of, key, where) for key in made_of})
