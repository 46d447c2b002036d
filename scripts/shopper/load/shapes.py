"""The shape of what a source delivers (its columns and the kind of their values), held against the last load's.

A column that is new is told; one that the mapping uses and that a new file lacks, or whose values are of another kind
than at the last load, stops the load, since half of the reports would be empty and nobody would know why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from shopper.casts import CastRules
from shopper.load.deliveries import FileColumns, ReadSource
from shopper.load.entries import closest
from shopper.sql import quoted

FILE_COLUMN = "__file"
_SAMPLED_ROWS = 100_000
# Below this share of numbers (or times) a column of text is text.
_CLEAR_SHARE = 0.99
_CLEAR_KINDS = {"number": "numbers", "moment": "dates or times"}
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A source's column that a table uses. `targets` are the contract columns that it becomes as it is; `is_required`
    says that the table can't do without one of them, `is_typed` that its values must cast to something.
    """

    column: str
    targets: tuple[str, ...]
    is_required: bool
    is_typed: bool


@dataclass(frozen=True)
class Change:
    """A column of a file that is not as it was; `is_fatal` stops the load."""

    message: str
    is_fatal: bool


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Column name to DuckDB type, in order."""
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {relation}").fetchall()}


def kinds_of(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    relation: str,
    columns: Iterable[str],
) -> dict[str, str | None]:
    """Each column's kind of values, `number`, `moment`, `text` or other types' names; None where it has none.

    Text is judged by the project's own casts, on the first rows of the relation.
    """
    types = columns_of(connection, relation)
    wanted = {column: types[column] for column in columns}
    sampled, counted = ["true"], ["count(*)"]
    for number, (column, made_type) in enumerate(wanted.items()):
        value = f"value_{number}"
        is_text = made_type == "VARCHAR"
        sampled.append(f"{rules.clean(quoted(column)) if is_text else quoted(column)} as {value}")
        casts = [rules.typed(value, kind) for kind in ("number", "timestamp")] if is_text else ["null", "null"]
        counted += [f"count({text})" for text in (value, *casts)]
    row = connection.execute(
        f"select {', '.join(counted)} from (select {', '.join(sampled)} from {relation} limit {_SAMPLED_ROWS})"
    ).fetchone() or (0,) * len(counted)
    return {
        column: _kind(made_type, *row[1 + 3 * number : 4 + 3 * number])
        for number, (column, made_type) in enumerate(wanted.items())
    }


def _kind(made_type: str, values: int, numbers: int, moments: int) -> str | None:
    if values == 0:
        return None
    if made_type.startswith(_NUMBERS):
        return "number"
    if made_type.startswith(("DATE", "TIMESTAMP")):
        return "moment"
    if made_type != "VARCHAR":
        return made_type.split("(")[0].lower()
    if numbers >= _CLEAR_SHARE * values:
        return "number"
    return "moment" if moments >= _CLEAR_SHARE * values else "text"


class Comparison:
    """Compares one source's files with what a table uses of it (`uses`, by lower-case name) and with the last load.

    before: the source's columns at the last load by lower-case name, each with the kind of its values; empty before the
    first. new_files: those that the last load has not seen. kinds: the kinds of some columns of a file.
    keys_may_be_absent: a row may leave a column out (JSON), so only what looks renamed stops the load.
    """

    def __init__(
        self,
        table: str,
        uses: Mapping[str, Use],
        before: Mapping[str, str | None],
        new_files: Collection[str],
        kinds: Callable[[FileColumns, list[str]], Mapping[str, str | None]],
        keys_may_be_absent: bool,
    ) -> None:
        """Keep what the files are compared with."""
        self._table = table
        self._uses = uses
        self._before = before
        self._new_files = new_files
        self._kinds = kinds
        self._keys_may_be_absent = keys_may_be_absent

    def changes(self, source: ReadSource) -> list[Change]:
        """What is not as it was or as it must be, file by file. A file without any row of JSON has no columns."""
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
            meant = closest(name, strange, limit=1)
            is_fatal = use.is_required or (was_there and (bool(meant) or not self._keys_may_be_absent))
            if is_fatal or was_there or (has_others and self._is_new(file) and not self._keys_may_be_absent):
                hint = f"did you mean {meant[0]}?" if meant else f"it has {', '.join(file.columns)}"
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
        for column, kind in self._kinds(file, known).items():
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
