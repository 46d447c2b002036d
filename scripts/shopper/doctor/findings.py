"""A finding: what is wrong with the data, how much of it, and what to write where to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STOPS: Final = "stops"
ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"
SEVERITIES: Final = (STOPS, ERROR, WARNING, NOTE)
"""The run would stop; rows are lost or numbers are wrong; worth a look; good to know."""

_MANY = 0.05


@dataclass(frozen=True)
class Fix:
    """Lines to add or change, and the file that they belong to."""

    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One thing about a table or a column (`subject`); `rows` of it, as a share of those that could have it."""

    severity: str
    check: str
    subject: str
    message: str
    rows: int = 0
    share: float | None = None
    examples: tuple[str, ...] = ()
    fix: Fix | None = None


def graded(share: float, *, many: str = ERROR, few: str = WARNING) -> str:
    """The severity of something that a share of the rows have: `many` from a twentieth on."""
    return many if share >= _MANY else few


def exit_code(findings: Iterable[Finding]) -> int:
    """2 when the run would stop, 1 when rows are lost or numbers wrong, else 0."""
    found = {finding.severity for finding in findings}
    return 2 if STOPS in found else 1 if ERROR in found else 0


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, then the most."""
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), -one.rows, one.subject, one.message))
