"""What the fixtures of the generated shop give to tests."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from shopper.crosscheck.check import Reader
from shopper.crosscheck.oracle.shop import Shop


@dataclass(frozen=True)
class Built:
    """The built warehouse, open for reading, and what the oracle computes of the same raw tables."""

    connection: duckdb.DuckDBPyConnection
    reader: Reader
    shop: Shop
    cases: int
