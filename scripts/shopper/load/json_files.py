"""JSON documents: a list of records, or an object in which such a list lies (`records`)."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.load.shapes import FILE_COLUMN
from shopper.load.sources import FileSource
from shopper.load.text_files import compression_of, open_text, starts_with
from shopper.sql import literal, reason
from shopper.suggestions import closest

_DEEPEST = 4


def is_document(source: FileSource, path: Path) -> bool:
    """Whether a file is one document. Else it has a record on each line, as some tools write into `.json` files."""
    if source.format != "json" or source.records:
        return source.format == "json"
    with open_text(source, path, newline=None, errors="replace") as lines:
        first = next((line.strip() for line in lines if line.strip()), "")
    try:
        return not isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return True


def is_plain(source: FileSource, path: Path) -> bool:
    """Whether a file is text in UTF-8 without a byte-order mark and without compression."""
    is_utf8 = codecs.lookup(source.encoding).name in {"utf-8", "utf-8-sig"}
    return is_utf8 and compression_of(path) == "none" and not starts_with(path, (codecs.BOM_UTF8,))


def create_table_of_records(
    connection: duckdb.DuckDBPyConnection, source: FileSource, path: Path, read: Path, table: str
) -> None:
    """Create a table with a row for each record of a document: its JSON text (`line`) and the file. `read` is the file
    to read, a copy of `path` or `path` itself.

    Raises BadInput for a document that is cut or damaged, or has no list where `records` says.
    """
    where = f"source {source.name}: {path}"
    pointer = "".join(f".{json.dumps(key, ensure_ascii=False)}" for key in (source.records or "").split(".") if key)
    document = f"(select content from read_text({literal(str(read))}))"
    try:
        row = connection.execute(f"select json_type(content, {literal('$' + pointer)}) from {document}").fetchone()
        if row is None or row[0] != "ARRAY":
            raise BadInput(f"{where}: {_no_list(source, read, row[0] if row else None)}")
        connection.execute(
            f"create table {table} as select json(record) as line, {literal(str(read))} as {FILE_COLUMN} from"
            f" (select unnest(json_extract(content, {literal('$' + pointer + '[*]')})) as record from {document})"
        )
    except duckdb.Error as error:
        raise BadInput(f"{where} is not a readable JSON document: {reason(error)}") from error


def _no_list(source: FileSource, read: Path, kind: str | None) -> str:
    """What is wrong with a document that has no list of records in its place."""
    try:
        found = list(_lists(json.loads(read.read_text(encoding="utf-8-sig")), ()))
    except RecursionError:
        found = []
    at = f"`records: {source.records}` is {(kind or 'nothing').lower()}" if source.records else "is no list of records"
    best = closest(source.records or "", found, limit=1) or found[:1]
    if not best:
        return f"{at}, and no list of records was found in it"
    others = f" (lists of records are at {', '.join(found[:5])})" if len(found) > 1 else ""
    return f"{at}; set `records: {best[0]}`{others}"


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """The places of lists of objects, outer ones first."""
    inner = value.items() if isinstance(value, dict) and len(path) < _DEEPEST else ()
    for key, child in inner:
        if isinstance(child, list) and child and isinstance(child[0], dict):
            yield ".".join((*path, key))
    for key, child in inner:
        yield from _lists(child, (*path, key))
