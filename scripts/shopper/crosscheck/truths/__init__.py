"""How each planted truth is measured from the marts: SQL by truth, one value each. A room's module joins `SINGLE`."""

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
"""Truth to a measure that can also say why it misses."""
