"""Planted truths of prices: the measured elasticity, with a check of its interval."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import duckdb

from shopper.planted_truths import truths

Measure = Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]


def _elasticity(truth: str, product_id: str, warehouse: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Elasticity of a product. A failure if its interval does not contain the planted value."""
    row = warehouse.execute(
        "select elasticity, elasticity_low, elasticity_high from marts.price_elasticity where product_id = ?",
        [product_id],
    ).fetchone()
    if row is None or row[0] is None:
        return None, "no estimate"
    elasticity, low, high = row
    planted = truths()[truth].planted
    return elasticity, "" if low <= planted <= high else f"interval {low:.3f} to {high:.3f}"


_PRODUCTS: Final = {
    "elasticity_cleanser": "0101",
    "elasticity_bottle": "0406",
    "elasticity_tissue": "0601",
    "elasticity_coffee": "0701",
}

OTHERS: Final[dict[str, Measure]] = {
    truth: partial(_elasticity, truth, product_id) for truth, product_id in _PRODUCTS.items()
}
"""By truth, a function that returns the measured value and the reason of a failure (empty if none)."""
