"""The second computation of the sample, once for all tests: it takes longer than the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shopper.bench.endurance.published import rows_digest
from shopper.crosscheck import crosscheck
from shopper.crosscheck.oracle.settings import Settings
from shopper.crosscheck.oracle.shop import compute


@pytest.fixture(scope="package", autouse=True)
def computed_once() -> Iterator[None]:
    """The same rows and settings have the same result; `make accept` computes it anew. Marts count too, so that a
    computation that read one by mistake would be noticed on changed marts.
    """
    kept: dict[tuple[str, Settings], Any] = {}

    def once(connection: duckdb.DuckDBPyConnection, root: Path, settings: Settings) -> Any:
        key = (_digest(connection), settings)
        if key not in kept:
            kept[key] = compute(connection, root, settings)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crosscheck, "compute", once)
        yield


def _digest(connection: duckdb.DuckDBPyConnection) -> str:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where schema_name in ('raw', 'sample', 'reference', 'marts') order by all"
    ).fetchall()
    return str([(schema, name, rows_digest(connection, f"{schema}.{name}")) for schema, name in tables])
