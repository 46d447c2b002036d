"""Findings: a problem of the data, how many rows it affects, and the line that fixes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STOPS: Final = "stops"
ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"
SEVERITIES: Final = (STOPS, ERROR, WARNING, NOTE)
"""The run would stop; rows are lost or numbers are wrong; should be checked; for information."""

_MANY = 0.05


@dataclass(frozen=True)
class Fix:
    """Lines to add or change, and where: a file, or an option."""

    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """A problem of a table or column (`subject`). `rows`: affected rows; `share`: their share of all rows, 0 to 1."""

    severity: str
    check: str
    subject: str
    message: str
    rows: int = 0
    share: float | None = None
    examples: tuple[str, ...] = ()
    fix: Fix | None = None


def severity_of(share: float, *, many: str = ERROR, few: str = WARNING) -> str:
    """The severity by the share of affected rows: `many` from 5 %, else `few`."""
    return many if share >= _MANY else few


def exit_code(findings: Iterable[Finding]) -> int:
    """2 if the run would stop, 1 if rows are lost or numbers wrong, else 0."""
    found = {finding.severity for finding in findings}
    return 2 if STOPS in found else 1 if ERROR in found else 0


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by severity, then by number of rows, highest first."""
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), -one.rows, one.subject, one.message))
