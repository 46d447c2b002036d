"""Shared fixtures of the house rules: dbt's manifest of the built sample shop, and its columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from running import rows


@pytest.fixture(scope="session")
def manifest(sample_warehouse: Path) -> dict[str, Any]:
    """Dbt's manifest of the built sample shop."""
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
