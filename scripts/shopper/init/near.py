"""Contract columns near to columns that could not be placed: what a person may have meant, never mapped unasked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.contract import Contract, Table
from shopper.init.matching import names

OF_ORDERS: Final = ("orders", "order_items")
_NEAR: Final = 0.6
_BEGINS: Final = 0.7
_SHORTEST: Final = 3
# Words that many columns have: what is left of a name says which one it is.
_GENERAL: Final = frozenset({"amount", "amt", "total", "value", "sum", "line", "item", "order", "id", "no", "number"})
_HASHED: Final = "customer_id, as person_key"
# Names after these are neither compared nor listed: no export of a shop tool is so wide.
_MOST_COMPARED: Final = 120


def unplaced(columns: Sequence[str], tables: Sequence[Table], taken: Collection[tuple[str, str]] = ()) -> list[str]:
    """Each column with the nearest column of the tables, named with its table if there are several.

    Without one where none is near, or the nearest is taken: the next but one is rarely what is meant.
    """
    shown = []
    for name in columns[:_MOST_COMPARED]:
        near, _score = _nearest(name, tables)
        place = ".".join(near if len(tables) > 1 else near[1:]) if near and near not in taken else ""
        if _is_address(name):
            place = _HASHED if any("customer_id" in table.by_name for table in tables) else ""
        shown.append(f"{name} ({place}?)" if place else name)
    more = len(columns) - len(shown)
    return [*shown, f"{more} more"] if more > 0 else shown


def most_like(columns: Sequence[str], contract: Contract) -> str | None:
    """The table whose columns are nearest to these; None if none is near. A list of orders may hold their items."""
    compared = columns[:_MOST_COMPARED]
    scores = {}
    for table in contract.tables:
        tables = [contract.by_name[name] for name in OF_ORDERS] if table.name in OF_ORDERS else [table]
        scores[table.name] = sum(_nearest(name, tables)[1] for name in compared)
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


def _is_address(name: str) -> bool:
    """Whether a column has the name of an e-mail address."""
    return bool(set(_forms(name)[:1]) & {_forms(word)[0] for word in _foreign_words()["email"]})


@cache
def _known(column: str) -> tuple[str, ...]:
    words = (column, *names()["columns"].get(column, ()), *_foreign_words().get(column, ()))
    return tuple(dict.fromkeys(form for name in words for form in _forms(name)))


@cache
def _foreign_words() -> dict[str, list[str]]:
    """Words of other languages by contract column, and those for an e-mail address, from `foreign_words.yml`."""
    text = Path(__file__).with_name("foreign_words.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


@cache
def _forms(name: str) -> tuple[str, ...]:
    """The words of a name in lower case without accents, in one order; then those that say what it is (not `total`)."""
    decomposed = unicodedata.normalize("NFKD", name[:60])
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
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
