"""How each planted truth is measured from the marts: one SQL query per truth, which returns one value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import duckdb

from shopper.crosscheck.truths import campaigns, experiments, prices, products, service, visits_and_customers

SINGLE: Final[dict[str, str]] = {
    **visits_and_customers.SINGLE,
    **service.SINGLE,
    **campaigns.SINGLE,
    **products.SINGLE,
}

OTHERS: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]]] = {
    **visits_and_customers.OTHERS,
    **experiments.OTHERS,
    **prices.OTHERS,
    **products.OTHERS,
}
"""By truth, a function that returns the measured value and the reason of a failure (empty if none)."""
