"""Measures the planted truths in raw CSV files, without dbt: `measure(folder)` gives a value for each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from shopper.generate.measures import behaviour, customers, selling
from shopper.generate.shopfront import Shopfront, open_shop
from shopper.planted_truths import Truth, truths

_PARTS: Final[tuple[Callable[[Shopfront, Path], dict[str, float]], ...]] = (
    customers.profiles,
    customers.tastes,
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
    """Measured value by name of truth, from the raw CSV files in a folder."""
    shop = open_shop(folder)
    return {name: float(value) for part in _PARTS for name, value in part(shop, folder).items()}


def off_target(measured: dict[str, float]) -> list[tuple[Truth, float | None]]:
    """Truths that were not measured or lie outside their tolerance."""
    return [
        (truth, measured.get(name))
        for name, truth in truths().items()
        if name not in measured or not truth.holds(measured[name])
    ]
