"""The columns that a source names: under which headers a file has them, which must be there, and their types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.load.entries import text_of
from shopper.sql import quoted, reason
from shopper.suggestions import closest, listed

KEYS = ("needs", "may_have", "names", "types")
# A part of a header that varies, by the name of the column that holds it: `Cost (<Currency>)`.
_VARYING = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True)
class NamedColumns:
    """Columns of a source by the names that its mapping uses.

    needs: columns that every file must have; may_have: columns that are null where a file lacks them; names: other
    headers of a column (column, headers), where `<Currency>` stands for text that becomes the column Currency of files
    without a column of that name; types: DuckDB type that the values of a column become (column, type).
    """

    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    types: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All named columns."""
        return (*self.needs, *self.may_have)

    def renamed(self, header: Sequence[str]) -> tuple[str, ...]:
        """The header with the mapping's names. A header of its own name goes before another header of the column.

        A repeated header that is no named column gets a number, so that it does not stop the load.
        """
        if not self.all:
            return tuple(header)
        found: dict[int, str] = {}
        for column in self.all:
            for other in self.names_of(column):
                places = [i for i, name in enumerate(header) if _is_named(name, other) and i not in found]
                if places:
                    found[places[0]] = column
                    break
        taken = {name.lower() for name in found.values()}
        names = []
        for place, name in enumerate(header):
            given, number = found.get(place, name), 2
            while place not in found and given.lower() in taken:
                given, number = f"{name} {number}", number + 1
            taken.add(given.lower())
            names.append(given)
        return tuple(names)

    def columns_of(self, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The keys of each column, best first, for rows that need not all have the same keys."""
        found: dict[str, tuple[str, ...]] = {}
        left = list(keys)
        for column in self.all:
            mine = [key for name in self.names_of(column) for key in left if _is_named(key, name)]
            left = [key for key in left if key not in mine]
            if mine:
                found[column] = tuple(mine)
        return found | {key: (key,) for key in left}

    def within(self, header: Sequence[str]) -> dict[str, str]:
        """Text within headers by its column: `{"Currency": "EUR"}` of `Cost (EUR)`, named `Cost (<Currency>)`.

        A column that the file itself has is left out.
        """
        has = {plain_name(name) for name in self.renamed(header)}
        found: dict[str, str] = {}
        for other in (other for _, others in self.names for other in others if _VARYING.search(other)):
            column = _VARYING.findall(other)[0]
            matches = (_pattern(other).fullmatch(_blanks_collapsed(name)) for name in header)
            match = next((match for match in matches if match), None)
            if match and plain_name(column) not in has:
                found.setdefault(column, match[1])
        return found

    def names_of(self, column: str) -> tuple[str, ...]:
        """The headers under which a file may have a column, best first."""
        return (column, *dict(self.names).get(column, ()))

    def lacking(self, header: Iterable[str]) -> list[str]:
        """Columns of `needs` that a header with the mapping's names does not have."""
        has = {name.lower() for name in header}
        return [column for column in self.needs if column.lower() not in has]

    def require(self, what: str, header: Sequence[str]) -> None:
        """Raises BadInput with the missing columns and those of the file. `what` names source and file."""
        lacking = self.lacking(header)
        if lacking:
            shown = ", ".join(_with_other_names(self, column, header) for column in lacking)
            raise BadInput(f"{what} has no column {shown}; it has {listed(header)}")

    def absent(self, header: Iterable[str]) -> list[str]:
        """Named columns that a header with the mapping's names does not have."""
        has = {name.lower() for name in header}
        return [column for column in self.all if column.lower() not in has]


def _with_other_names(named: NamedColumns, column: str, header: Sequence[str]) -> str:
    others = dict(named.names).get(column, ())
    known = f" (or {', '.join(others)})" if others else ""
    alike = closest(column, header, limit=1)
    return f"{column}{known}{f' (is it {alike[0]}?)' if alike else ''}"


def plain_name(name: str) -> str:
    """A header as it is compared: without case, outer blanks and repeated blanks."""
    return _blanks_collapsed(name).casefold()


def _blanks_collapsed(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split())


def _is_named(header: str, name: str) -> bool:
    if _VARYING.search(name):
        return _pattern(name).fullmatch(_blanks_collapsed(header)) is not None
    return plain_name(header) == plain_name(name)


def _pattern(name: str) -> re.Pattern[str]:
    """The headers of a name with a varying part, which is the first group."""
    before, _, after = _VARYING.split(_blanks_collapsed(name), maxsplit=1)
    return re.compile(rf"{re.escape(before)}(\S(?:.*\S)?){re.escape(after)}", re.IGNORECASE)


@dataclass(frozen=True)
class Headers:
    """The headers under which a file may have a column: texts as they are compared, and patterns of those that vary."""

    texts: frozenset[str]
    varying: tuple[re.Pattern[str], ...]

    def in_any(self, header: frozenset[str]) -> bool:
        """Whether the header of a file, as it is compared, has the column."""
        if not self.texts.isdisjoint(header):
            return True
        return any(pattern.fullmatch(name) for pattern in self.varying for name in header)


def headers_of(named: NamedColumns, column: str) -> Headers:
    """The headers under which a file may have a column."""
    names = named.names_of(column)
    return Headers(
        frozenset(plain_name(name) for name in names if not _VARYING.search(name)),
        tuple(_pattern(name) for name in names if _VARYING.search(name)),
    )


def empty_relation(named: NamedColumns) -> str:
    """SQL of a relation that has the named columns and no rows."""
    types = {column.lower(): column_type for column, column_type in named.types}
    columns = ", ".join(f"cast(null as {types.get(c.lower(), 'varchar')}) as {quoted(c)}" for c in named.all)
    return f"select {columns} where false"


def named_columns_of(entry: Mapping[str, Any], where: str) -> NamedColumns:
    """Read the keys needs, may_have, names and types of a source.

    Raises BadInput with the position, the value and what was expected.
    """
    needs, may_have = (texts_of(entry, key, where) for key in ("needs", "may_have"))
    seen: set[str] = set()
    for column in (*needs, *may_have):
        if plain_name(column) in seen:
            raise BadInput(f"{where}: {column} is twice in needs and may_have")
        seen.add(plain_name(column))
    names = {column: texts_of(_entries(entry, "names", where), column, f"{where}.names") for column in
             _entries(entry, "names", where)}  # fmt: skip
    for column in names:
        if column not in (*needs, *may_have):
            raise BadInput(f"{where}.names: {column} is not in needs or may_have")
        for varying in (found for other in names[column] for found in _VARYING.findall(other)):
            if varying not in may_have:
                raise BadInput(f"{where}.names: {column}: <{varying}> is not in may_have")
    types = {column: _type(_entries(entry, "types", where), column, f"{where}.types") for column in
             _entries(entry, "types", where)}  # fmt: skip
    return NamedColumns(needs, may_have, tuple(names.items()), tuple(types.items()))


def _entries(entry: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = entry.get(key, {})
    if not isinstance(found, dict):
        raise BadInput(f"{where}.{key}: expected columns, each with its value")
    return found


def texts_of(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """The names of columns under a key; none if it is not there. Raises BadInput for anything else."""
    found = entry.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise BadInput(f"{where}.{key}: expected a list of column names")
    return tuple(found)


def _type(entry: Mapping[str, Any], column: str, where: str) -> str:
    text = text_of(entry, column, where) or ""
    try:
        duckdb.sqltype(text)
    except duckdb.Error as error:
        raise BadInput(f"{where}.{column}: not a DuckDB type: {text} ({reason(error)})") from error
    return text
