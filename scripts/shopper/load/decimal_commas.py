"""Files whose numbers have a decimal comma, as spreadsheets write them in many countries: read with a point."""

from __future__ import annotations

from typing import Final

import duckdb

from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import literal, quoted

_BLANK: Final = r"[\s\x{00A0}\x{2009}\x{202F}]"
_SIGN: Final = rf"{_BLANK}*[-+\x{{2212}}]?{_BLANK}*(?:[A-Z]{{3}}|\p{{Sc}})?{_BLANK}*"
_WHOLE: Final = rf"(?:[0-9]{{1,3}}(?:(?:[.]|{_BLANK})[0-9]{{3}})+|[0-9]+)"
_NUMBER: Final = rf"{_SIGN}{_WHOLE}(?:,[0-9]+)?{_SIGN}"
_HAS_COMMA: Final = rf"{_SIGN}{_WHOLE},[0-9]+{_SIGN}"


def with_points(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    """SQL of the rows with `1234.50` for `1.234,50` in the columns that hold nothing but such numbers.

    Whole numbers are such numbers where another value of the column has a comma. Other columns (codes, names, numbers
    with a point) stay as they are.
    """
    names = [name for name in columns_of(connection, f"({rows})") if name != FILE_COLUMN]
    tests = ", ".join(
        f"bool_and({_is(name, _NUMBER)} or trim({quoted(name)}) = '') and bool_or({_is(name, _HAS_COMMA)})"
        for name in names
    )
    found = connection.execute(f"select {tests} from ({rows})").fetchone() or ()
    values = ", ".join(
        f"replace(replace({quoted(name)}, '.', ''), ',', '.') as {quoted(name)}"
        for name, is_number in zip(names, found, strict=True)
        if is_number
    )
    return f"select * replace ({values}) from ({rows})" if values else rows


def _is(name: str, pattern: str) -> str:
    return f"regexp_full_match({quoted(name)}, {literal(pattern)})"
