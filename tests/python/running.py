"""What tests need to run the project: where it is, how a call of `shopper` ended, a query over a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Ran:
    """How a call of `shopper` ended and all that it printed."""

    code: int
    output: str


Shopper = Callable[..., Ran]


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    """The rows of a query over a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()
