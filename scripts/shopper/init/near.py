"""Contract columns near to columns that could not be placed: what a person may have meant, never mapped unasked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from shopper.contract import Contract, Table
from shopper.init.matching import names

_NEAR: Final = 0.6
_BEGINS: Final = 0.7
_SHORTEST: Final = 3
# Words that many columns have: what is left of a name says which one it is.
_GENERAL: Final = frozenset({"amount", "amt", "total", "value", "sum", "line", "item", "order", "id", "no", "number"})
# Names after these are neither compared nor listed: no export of a shop tool is so wide.
_MOST_COMPARED: Final = 120


def unplaced(columns: Sequence[str], tables: Sequence[Table], taken: Collection[tuple[str, str]] = ()) -> list[str]:
    """Each column with the nearest column of the tables, named with its table if there are several.

    Without one where none is near, or the nearest is taken: the next but one is rarely what is meant.
    """
    shown = []
    for name in columns[:_MOST_COMPARED]:
        near, _score = _nearest(name, tables)
        hint = f" ({'.'.join(near if len(tables) > 1 else near[1:])}?)" if near and near not in taken else ""
        shown.append(f"{name}{hint}")
    more = len(columns) - len(shown)
    return [*shown, f"{more} more"] if more > 0 else shown


def most_like(columns: Sequence[str], contract: Contract) -> str | None:
    """The table whose columns are nearest to these; None if none is near."""
    compared = columns[:_MOST_COMPARED]
    scores = {one.name: sum(_nearest(name, [one])[1] for name in compared) for one in contract.tables}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None


def _nearest(name: str, tables: Sequence[Table]) -> tuple[tuple[str, str] | None, float]:
    """Table and column with the name or synonym most like this one, and how alike they are; None and 0: none is."""
    best, found = 0.0, None
    forms = _forms(name)
    for table in tables:
        for column in table.columns:
            score = max((_ratio(form, known) for form in forms for known in _known(column.name)), default=0.0)
            if score > best:
                best, found = score, (table.name, column.name)
    return found, best


@cache
def _known(column: str) -> tuple[str, ...]:
    forms = (form for name in (column, *names()["columns"].get(column, ())) for form in _forms(name))
    return tuple(dict.fromkeys(forms))


@cache
def _forms(name: str) -> tuple[str, ...]:
    """The words of a name in lower case and one order; then those that say what it is, without `total`, `line` ..."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:60])
    words = sorted(part.lower() for part in re.findall(r"[^\W_]+", spaced))
    telling = [word for word in words if word not in _GENERAL]
    return tuple(dict.fromkeys(" ".join(form) for form in (words, telling) if form))


@cache
def _ratio(one: str, other: str) -> float:
    """The share of common letters in order, or much if one begins the other; 0 below the least that counts."""
    if not {word[0] for word in one.split()} & {word[0] for word in other.split()}:
        return 0.0
    if min(len(one), len(other)) >= _SHORTEST and (one.startswith(other) or other.startswith(one)):
        return max(_BEGINS, SequenceMatcher(None, one, other).ratio())
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _NEAR else 0.0
