"""Measures the planted truths in raw CSV files, without dbt: `measure(folder)` returns a value for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from shopper.generate.measures import behaviour, customers, selling
from shopper.generate.raw_shop import RawShop, read_shop
from shopper.planted_truths import Truth, truths

_PARTS: Final[tuple[Callable[[RawShop, Path], dict[str, float]], ...]] = (
    customers.profiles,
    customers.category_preferences,
    customers.tiers,
    customers.bands,
    behaviour.devices,
    behaviour.funnel,
    behaviour.pages,
    behaviour.signals,
    behaviour.types,
    behaviour.hours,
    selling.channels,
    selling.prices,
    selling.seasons,
    selling.experiments,
    selling.support,
)


def measure(folder: Path) -> dict[str, float]:
    """Measured value by truth, from the raw CSV files in a folder."""
    shop = read_shop(folder)
    return {name: float(value) for part in _PARTS for name, value in part(shop, folder).items()}


def off_target(measured: dict[str, float]) -> list[tuple[Truth, float | None]]:
    """Truths that were not measured or are outside their tolerance, with the measured value (None if not measured)."""
    return [
        (truth, measured.get(name))
        for name, truth in truths().items()
        if name not in measured or not truth.holds(measured[name])
    ]
