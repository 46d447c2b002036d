"""The faults that the sample shop contains on purpose, from `faults.yml`: the rows of each fault and their expected
outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

PATH: Final = Path(__file__).with_name("faults.yml")
Outcome = Literal["staged", "duplicate", "quarantined"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows of one table with the same key, and what staging does with them.

    key: the row key as in the audit tables, parts of a composite key separated by `|`; empty if the key itself is
    invalid. outcome: `staged` (every row), `duplicate` (one row is kept, the others are duplicates) or `quarantined`
    (every row, for `reason`). effect: the expected effect, in words.
    """

    name: str
    table: str
    key: str
    outcome: Outcome
    reason: str | None
    effect: str
    rows: tuple[dict[str, str | None], ...]


@cache
def faults() -> tuple[Fault, ...]:
    """All faults, in the order of the file; rows include the defaults of their table."""
    return tuple(_fault(entry, defaults()) for entry in _document()["faults"])


def defaults() -> dict[str, dict[str, str]]:
    """Values of columns that a faulty row does not give, by table."""
    found: dict[str, dict[str, str]] = _document()["defaults"]
    return found


@cache
def _document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(PATH.read_text(encoding="utf-8"), Loader=loader)
    return document


def _fault(entry: dict[str, Any], given: dict[str, dict[str, str]]) -> Fault:
    expect = entry["expect"]
    rows = tuple({**given.get(expect["table"], {}), **row} for row in entry["rows"])
    return Fault(
        entry["name"], expect["table"], expect["key"], expect["outcome"], expect.get("reason"), entry["effect"], rows
    )
