"""The built shop of generated cases."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from shopper.crosscheck.check import Reader
from shopper.crosscheck.oracle.shop import Shop


@dataclass(frozen=True)
class Built:
    """The built warehouse, open for reading, and the oracle's result for the same raw tables."""

    connection: duckdb.DuckDBPyConnection
    reader: Reader
    shop: Shop
    cases: int
