"""Planted truths of prices: the slope that was found, and whether its interval holds the planted one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import duckdb

from shopper.planted_truths import truths

Measure = Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]


def _elasticity(truth: str, product_id: str, warehouse: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Elasticity of a product; a miss where its interval does not hold what was planted."""
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
"""Truth to a measure that can also say why it misses."""
