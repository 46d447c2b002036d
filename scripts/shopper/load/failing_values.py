"""Where in the files a value stands that a mapping could not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import duckdb

from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import literal, quoted

_FAILED: Final = re.compile(r"(?:not a number \(decimal sign [.,]\)|deliver it as text): (.+)", re.DOTALL)
_MOST_COLUMNS: Final = 3


def place_of(
    connection: duckdb.DuckDBPyConnection, message: str, sources: Iterable[str], shown: Mapping[str, str]
) -> str:
    """` (FILE, column NAME)` of the value that an error of a number or an id names; empty if it stands in no file.

    sources: those that are read from files; shown: the path of a file by that of the copy that was read.
    """
    failed = _FAILED.search(message)
    existing = {row[0] for row in connection.execute("select view_name from duckdb_views() where schema_name = 'read'")
                .fetchall()}  # fmt: skip
    for source in sources:
        if failed is None or source not in existing:
            continue
        relation = f"read.{quoted(source)}"
        names = [name for name in columns_of(connection, relation) if name != FILE_COLUMN]
        has = [f"trim(cast({quoted(name)} as varchar)) = {literal(failed[1].strip())}" for name in names]
        row = connection.execute(
            f"select {FILE_COLUMN}, {', '.join(has)} from {relation} where {' or '.join(has)} limit 1"
        ).fetchone()
        if row:
            columns = [name for name, is_there in zip(names, row[1:], strict=True) if is_there]
            return f" ({shown.get(row[0], row[0])}, column {' or '.join(columns[:_MOST_COLUMNS])})"
    return ""
