"""Helpers to run the project: its path, the result of a call of `shopper`, a query on a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Ran:
    """The exit code and output of a call of `shopper`."""

    code: int
    output: str


Shopper = Callable[..., Ran]


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    """The rows of a query on a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()
