"""Comparison of two tables, by key and cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

RELATIVE: Final = 1e-9
_SHOWN: Final = 5

Key = Any
Table = Mapping[Key, Sequence[Any]]


@dataclass(frozen=True)
class Difference:
    """A difference at one key. `expected` or `actual` is None if the key is missing on that side."""

    key: Key
    column: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.key} {self.column}: expected {self.expected!r}, warehouse has {self.actual!r}"


@dataclass
class Comparison:
    """Result of a comparison: numbers of rows, of compared cells, of differing cells or missing rows; some examples."""

    rows_expected: int
    rows_actual: int
    cells: int = 0
    differing: int = 0
    examples: list[Difference] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return self.differing == 0

    def add(self, difference: Difference) -> None:
        self.differing += 1
        if len(self.examples) < _SHOWN:
            self.examples.append(difference)


def compare(columns: Sequence[str], expected: Table, actual: Table) -> Comparison:
    """Compare two tables by key. Money, counts and text must be equal; floats to a relative tolerance of 1e-9."""
    result = Comparison(len(expected), len(actual))
    for key in sorted(expected.keys() | actual.keys(), key=repr):
        if key not in actual:
            result.add(Difference(key, "row", tuple(expected[key]), None))
        elif key not in expected:
            result.add(Difference(key, "row", None, tuple(actual[key])))
        else:
            for column, mine, theirs in zip(columns, expected[key], actual[key], strict=True):
                result.cells += 1
                if not same(mine, theirs):
                    result.add(Difference(key, column, mine, theirs))
    return result


def same(expected: Any, actual: Any) -> bool:
    """Whether two values are equal: numbers, if one is a float, to 1e-9 relative; None equals only None."""
    if expected is None or actual is None:
        return expected is None and actual is None
    is_float = isinstance(expected, float) or isinstance(actual, float)
    if is_float and isinstance(expected, (float, int, Decimal, Fraction)) and isinstance(actual, (float, int, Decimal)):
        return math.isclose(float(expected), float(actual), rel_tol=RELATIVE, abs_tol=1e-12)
    return bool(expected == actual)


def keyed(rows: Iterable[Mapping[str, Any]], keys: Sequence[str], columns: Sequence[str]) -> dict[Key, tuple[Any, ...]]:
    """Rows by key (one value, or a tuple of several), each as a tuple of the columns."""
    return {_key(row, keys): tuple(row[column] for column in columns) for row in rows}


def _key(row: Mapping[str, Any], keys: Sequence[str]) -> Key:
    return row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys)


def by_attributes(
    items: Iterable[Any], key: Callable[[Any], Key], columns: Sequence[str]
) -> dict[Key, tuple[Any, ...]]:
    """Objects by key, each as a tuple of the named attributes."""
    return {key(item): tuple(getattr(item, column) for column in columns) for item in items}
