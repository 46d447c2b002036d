"""The shape of a source (its columns and the kind of their values), compared with the last load.

A new column is reported. A column that the mapping uses stops the load if a new file lacks it or if its values are of
another kind than at the last load: reports would silently become empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.errors import BadInput
from shopper.load.deliveries import FileColumns, ReadSource
from shopper.sql import literal, quoted
from shopper.suggestions import closest, listed

# The file of a row, and its key, beside the columns of its source.
FILE_COLUMN: Final = "__file"
ROW_KEY: Final = "__file_key"
_SAMPLED_ROWS = 100_000
_ROWS_TOGETHER = 1_000_000
# Least share of numbers (or times) among the values for a text column to count as numbers (or times).
_CLEAR_SHARE = 0.99
_CLEAR_KINDS = {"number": "numbers", "moment": "dates or times"}
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A source column that a table uses. `targets`: contract columns that it maps to directly; `is_required`: one of
    them is required; `is_typed`: one of them has a type other than text.
    """

    column: str
    targets: tuple[str, ...]
    is_required: bool
    is_typed: bool


@dataclass(frozen=True)
class Change:
    """A changed column of a file. `is_fatal` stops the load."""

    message: str
    is_fatal: bool


def require_free_names(what: str, header: Iterable[str]) -> None:
    """Raises BadInput for a column that has the name of one of the loader's. `what` names source and file."""
    taken = [name for name in header if name.lower() in {FILE_COLUMN, ROW_KEY}]
    if taken:
        raise BadInput(f"{what}: the loader has a column {taken[0]} of its own; rename this one")


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """DuckDB type by column name, in order."""
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {relation}").fetchall()}


def kinds_of(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    relation: str,
    columns: Iterable[str],
) -> dict[str, str | None]:
    """The kind of each column's values: `number`, `moment`, `text` or the name of another type; None without values.

    The kind of a text column is found with the project's casts, on the first 100,000 rows.
    """
    return _kinds(connection, rules, f"(from {relation} limit {_SAMPLED_ROWS})", columns, "null").get(None, {})


class FileKinds:
    """The kinds of some columns of each new file of a source. Files in one relation are read in one pass, unless they
    have many rows: a statement for each file would read the rows of all.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, rules: CastRules, source: ReadSource, new_files: Collection[str]
    ) -> None:
        """new_files: files that the last load did not read."""
        self._connection = connection
        self._rules = rules
        together = [file for file in source.by_file if file.whole and file.file in new_files]
        is_small = source.rows <= _ROWS_TOGETHER and len(together) > 1
        self._together = dict.fromkeys(file.stored for file in together) if is_small else {}
        self._found: dict[tuple[str, ...], dict[str | None, dict[str, str | None]]] = {}

    def of(self, file: FileColumns, columns: Collection[str]) -> Mapping[str, str | None]:
        """As `kinds_of`; empty for a file without rows."""
        if file.stored not in self._together:
            return kinds_of(self._connection, self._rules, file.relation, columns)
        wanted = tuple(column.lower() for column in columns)
        if wanted not in self._found:
            names = ", ".join(map(literal, self._together))
            rows = f"(from {file.whole} where {FILE_COLUMN} in ({names}))"
            self._found[wanted] = _kinds(self._connection, self._rules, rows, wanted, FILE_COLUMN)
        found = self._found[wanted].get(file.stored, {})
        return {column: found[column.lower()] for column in columns if found}


def _kinds(
    connection: duckdb.DuckDBPyConnection, rules: CastRules, relation: str, columns: Iterable[str], group: str
) -> dict[str | None, dict[str, str | None]]:
    """The kind of each column's values by value of `group`. A file may write a name with other capitals."""
    types = {name.lower(): source_type for name, source_type in columns_of(connection, relation).items()}
    wanted = {column: types[column.lower()] for column in columns}
    sampled, counted = [f"{group} as of_group"], ["of_group"]
    for number, (column, source_type) in enumerate(wanted.items()):
        value = f"value_{number}"
        is_text = source_type == "VARCHAR"
        sampled.append(f"{rules.clean(quoted(column)) if is_text else quoted(column)} as {value}")
        casts = [rules.typed(value, kind) for kind in ("number", "timestamp")] if is_text else ["null", "null"]
        counted += [f"count({text})" for text in (value, *casts)]
    found = connection.execute(
        f"select {', '.join(counted)} from (select {', '.join(sampled)} from {relation}) group by of_group"
    ).fetchall()
    return {
        row[0]: {
            column: _kind(source_type, *row[1 + 3 * number : 4 + 3 * number])
            for number, (column, source_type) in enumerate(wanted.items())
        }
        for row in found
    }


def _kind(source_type: str, values: int, numbers: int, moments: int) -> str | None:
    if values == 0:
        return None
    if source_type.startswith(_NUMBERS):
        return "number"
    if source_type.startswith(("DATE", "TIMESTAMP")):
        return "moment"
    if source_type != "VARCHAR":
        return source_type.split("(")[0].lower()
    if numbers >= _CLEAR_SHARE * values:
        return "number"
    return "moment" if moments >= _CLEAR_SHARE * values else "text"


class ShapeComparison:
    """Compares the files of a source with the columns a table uses (`uses`, by lower-case name) and the last load.

    before: kind of values by lower-case column name at the last load; empty if there was none. new_files: files that
    the last load did not read. kinds: those of their columns. keys_may_be_absent: rows may omit a column (JSON), so a
    missing column only stops the load if it seems renamed.
    """

    def __init__(
        self,
        table: str,
        uses: Mapping[str, Use],
        before: Mapping[str, str | None],
        new_files: Collection[str],
        kinds: FileKinds,
        keys_may_be_absent: bool,
    ) -> None:
        """Store the arguments."""
        self._table = table
        self._uses = uses
        self._before = before
        self._new_files = new_files
        self._kinds = kinds
        self._keys_may_be_absent = keys_may_be_absent

    def changes(self, source: ReadSource) -> list[Change]:
        """Changes by file: missing, new and retyped columns. A JSON file without rows has no columns."""
        return [
            change
            for file in source.by_file
            if file.columns
            for change in (*self._absent(file, len(source.by_file) > 1), *self._added(file), *self._retyped(file))
        ]

    def _absent(self, file: FileColumns, has_others: bool) -> Iterator[Change]:
        present = {column.lower() for column in file.columns}
        strange = [c for c in file.columns if c.lower() not in (self._before or self._uses)]
        for name, use in self._uses.items():
            if name in present:
                continue
            was_there = name in self._before and self._is_new(file)
            similar = closest(name, strange, limit=1)
            is_fatal = use.is_required or (was_there and (bool(similar) or not self._keys_may_be_absent))
            if is_fatal or was_there or (has_others and self._is_new(file) and not self._keys_may_be_absent):
                hint = f"did you mean {similar[0]}?" if similar else f"it has {listed(tuple(file.columns))}"
                needed = f", which {self._table} needs" if use.is_required else ""
                yield Change(f"{file.file}: no column {use.column}{self._becomes(use)}{needed}; {hint}", is_fatal)

    def _added(self, file: FileColumns) -> Iterator[Change]:
        if self._before and self._is_new(file):
            for column in file.columns:
                if column.lower() not in self._before:
                    yield Change(f"{file.file}: column {column} is new since the last load", False)

    def _retyped(self, file: FileColumns) -> Iterator[Change]:
        names = {column.lower(): column for column in file.columns}
        known = [
            column
            for name, column in names.items()
            if self._before.get(name) in _CLEAR_KINDS and name in self._uses and self._uses[name].is_typed
        ]
        if not known or not self._is_new(file):
            return
        for column, kind in self._kinds.of(file, known).items():
            was = self._before[column.lower()]
            if kind not in {None, was}:
                use = self._uses[column.lower()]
                holds = _CLEAR_KINDS.get(str(kind)) or ("text" if kind == "text" else f"values of type {kind}")
                message = f"column {column}{self._becomes(use)} holds {holds}; expected {_CLEAR_KINDS[str(was)]}"
                yield Change(f"{file.file}: {message}, as at the last load", True)

    def _is_new(self, file: FileColumns) -> bool:
        return file.file in self._new_files

    def _becomes(self, use: Use) -> str:
        names = [f"{self._table}.{target}" for target in use.targets if target != use.column]
        return f" ({', '.join(names)})" if names else ""
