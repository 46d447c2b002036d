"""What makes rows of overlapping files the same (`key:`, `newest:`), and the order of files by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from shopper.errors import BadInput
from shopper.load.entries import text_of
from shopper.sql import literal, quoted

KEYS: Final = ("key", "newest")
# The same day in another file may be written in another language, or as a workbook's moment. Reading a text as a day is
# fifty times slower than comparing it, so only what looks like one is read.
_DAYS: Final = ("%Y/%m/%d", "%d.%m.%Y", "%Y年%m月%d日", "%b %d, %Y", "%d %b %Y")
_LIKE_A_DAY: Final = (
    "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
    "|[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}"
)
_SUFFIXES: Final = re.compile(r"(?:\.(?:csv|tsv|txt|jsonl|ndjson|json|parquet|pq|xlsx|xlsm|gz|zst|zstd))+$")


@dataclass(frozen=True)
class RowKey:
    """columns: each with those that stand in for it where it is blank. newest: the column whose greatest text says
    which file has the newest rows of a key; None if the last file by name has them.
    """

    columns: tuple[tuple[str, ...], ...]
    newest: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """All columns that are read."""
        return (*(name for names in self.columns for name in names), *((self.newest,) if self.newest else ()))

    def values(self, rows: str = "") -> list[str]:
        """SQL of the values of a row of the relation `rows`: trimmed text, days in their ISO form, '' for a blank."""
        return [_value([f"{rows}{quoted(name)}" for name in names]) for names in self.columns]

    def newest_of(self, rows: str = "") -> str:
        """SQL of the text that says how new a row is, whole numbers by their value; '' if nothing does."""
        if not self.newest:
            return "''"
        text = f"coalesce(trim(cast({rows}{quoted(self.newest)} as varchar)), '')"
        return f"if(regexp_full_match({text}, '[0-9]{{1,30}}'), lpad({text}, 30, '0'), {text})"


def _value(columns: list[str]) -> str:
    text = "coalesce(" + ", ".join(f"nullif(trim(cast({column} as varchar)), '')" for column in columns) + ", '')"
    days = ", ".join(map(literal, _DAYS))
    return (
        f"case when length({text}) = 19 and {text} like '____-__-__%00:00:00' then left({text}, 10)"
        f" when length({text}) between 8 and 12 and regexp_full_match({text}, {literal(_LIKE_A_DAY)})"
        f" then coalesce(cast(cast(try_strptime({text}, [{days}]) as date) as varchar), {text}) else {text} end"
    )


def row_key_of(entry: Mapping[str, Any], where: str) -> RowKey | None:
    """Read the keys key and newest of a source. Raises BadInput with the position and what was expected."""
    newest = text_of(entry, "newest", where)
    found = entry.get("key", [])
    if not isinstance(found, list):
        raise BadInput(f"{where}.key: expected a list of column names")
    columns = tuple(tuple(one) if isinstance(one, list) else (one,) for one in found)
    if not all(names and all(isinstance(name, str) and name.strip() for name in names) for names in columns):
        raise BadInput(f"{where}.key: expected a list of column names")
    if newest and not columns:
        raise BadInput(f"{where}.newest: needs the columns of `key`")
    return RowKey(columns, newest) if columns else None


def place_of_name(path: str) -> tuple[list[tuple[int, str]], str]:
    """Sorts files by name: numbers by value, and `report.csv` before `report (1).csv`, as browsers name downloads."""
    stem = _SUFFIXES.sub("", PurePath(path).name.casefold())
    parts = re.split(r"([0-9]+)", stem)
    return [(int(part), "") if number % 2 else (0, part) for number, part in enumerate(parts)], path
