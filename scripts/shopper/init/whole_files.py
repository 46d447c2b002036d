"""All rows of a file that init has found, read as the loader reads it: what holds for its first rows may end there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from shopper.errors import BadInput
from shopper.init.sniffing import Sniffed
from shopper.load.deliveries import DeliveredFile, Delivery
from shopper.load.readers import Readers
from shopper.load.sources import FileSource
from shopper.sql import literal, quoted

RELATION: Final = "file"
_WITH_COMMA: Final = r"[-+]?(?:(?:[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]+),(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+)"
_FITS_COMMA: Final = r"[-+]?(?:[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]+)(?:,[0-9]+)?"
_WITH_POINT: Final = r"[-+]?[0-9]+[.][0-9]{1,2}"


@contextmanager
def whole_file(file: Sniffed) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the rows of the file as the relation `file`; lines that can't be read are not in it.

    Raises BadInput for a file that the loader could not read at all.
    """
    delimiter = "\t" if ".tsv" in file.path.name.lower() else ","
    source = FileSource(
        RELATION,
        str(file.path),
        file.format,
        delimiter=file.options.get("delimiter", delimiter),
        encoding=file.options.get("encoding", "utf-8"),
        skip=int(file.options.get("skip", "0")),
        sheet=file.options.get("sheet"),
    )
    with TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "file.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        Readers(connection, Path(folder)).read(source, Delivery(RELATION, (DeliveredFile(str(file.path), "", 0, 0),)))
        yield connection


def has_decimal_commas(file: Sniffed) -> bool:
    """Whether the numbers of a CSV file are written 12,50: all those of a column, and no column writes 12.50.

    False for a file that the loader could not read: it says so itself.
    """
    if file.format != "csv" or not file.columns:
        return False
    try:
        with whole_file(file) as connection:
            # Not the columns of the file: those are of the header that sniffing took, above or below the one to read.
            return _has_decimal_commas(connection, connection.table(RELATION).columns)
    except BadInput:
        return False


def _has_decimal_commas(connection: duckdb.DuckDBPyConnection, names: list[str]) -> bool:
    tests = ", ".join(
        f"coalesce(bool_and({_all_like(name, _FITS_COMMA)}) and bool_or({_like(name, _WITH_COMMA)}), false),"
        f" coalesce(bool_and({_all_like(name, _WITH_POINT)}), false)"
        for name in names
    )
    found = connection.execute(f"select {tests} from {RELATION}").fetchone() or ()
    return any(found[::2]) and not any(found[1::2])


def _like(name: str, pattern: str) -> str:
    return f"regexp_full_match(trim({quoted(name)}), {literal(pattern)})"


def _all_like(name: str, pattern: str) -> str:
    """True or false for a value, null for none: an empty column is like nothing."""
    return f"case when trim({quoted(name)}) <> '' then {_like(name, pattern)} end"
