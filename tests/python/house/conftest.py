"""What the house rules share: what dbt knows of the built sample shop, and the columns that it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from running import rows


@pytest.fixture(scope="session")
def manifest(sample_warehouse: Path) -> dict[str, Any]:
    """What dbt knows of the sample shop's build: its manifest."""
    loaded: dict[str, Any] = json.loads((sample_warehouse.parent / "target/manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def built_columns(sample_warehouse: Path) -> dict[str, list[str]]:
    """Columns of every relation of the built sample, in order, by `schema.name`."""
    found = rows(
        sample_warehouse,
        "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = current_database() and not internal group by 1",
    )
    return {str(name): list(columns) for name, columns in found}  # type: ignore[call-overload]
