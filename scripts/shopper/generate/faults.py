"""The dirt that the sample holds on purpose, as data: `faults.yml` names each fault, its rows and what must become of
them.
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
    """Rows of one table that share a key, and what staging makes of them.

    key: the row key as the audit shows it, parts of a joint key separated by `|`; empty where the key itself is bad.
    outcome: `staged` (every row), `duplicate` (one row stays, the others are its duplicates) or `quarantined` (every
    row, for `reason`).
    says: what is expected, in words.
    """

    name: str
    table: str
    key: str
    outcome: Outcome
    reason: str | None
    says: str
    rows: tuple[dict[str, str | None], ...]


@cache
def faults() -> tuple[Fault, ...]:
    """All faults, in the order of the file; each row has its table's defaults."""
    document = yaml.load(PATH.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(_fault(entry, document["defaults"]) for entry in document["faults"])


def _fault(entry: dict[str, Any], defaults: dict[str, dict[str, str]]) -> Fault:
    expect = entry["expect"]
    rows = tuple({**defaults.get(expect["table"], {}), **row} for row in entry["rows"])
    return Fault(
        entry["name"], expect["table"], expect["key"], expect["outcome"], expect.get("reason"), entry["says"], rows
    )
