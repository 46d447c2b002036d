"""The truths planted in the sample shop, from `planted_truths.yml`. No dbt model reads that file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

PATH: Final = Path(__file__).parent / "planted_truths.yml"


@dataclass(frozen=True, slots=True)
class Truth:
    """A planted value, the range that a measured value may have, and the mart that shows it."""

    name: str
    mart: str
    claim: str
    planted: float
    low: float
    high: float
    unit: str
    measured_as: str

    def holds(self, value: float) -> bool:
        """Whether a measured value is within the tolerance (both ends included)."""
        return self.low <= value <= self.high


@cache
def truths() -> dict[str, Truth]:
    """All planted truths by name, in the order of the file."""
    rows = yaml.safe_load(PATH.read_text(encoding="utf-8"))["truths"]
    return {row["name"]: Truth(**row) for row in rows}


def planted(name: str) -> float:
    """The planted value of a truth."""
    return float(truths()[name].planted)
