"""What a reader of the published marts sees of every mart: which amounts are money, and which columns come first."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from running import rows
from shopper.publish.descriptions import Table, described_tables

UNIT_BY_ROW: Final = {"kpi_monthly": "unit", "experiment_results": "metric"}
"""Marts whose numbers are money in some rows only, with the column that says of each row what they are."""
NAME: Final = re.compile(r"(^|_)(name|label|label_zh)$")


@pytest.fixture(scope="module")
def built(sample_warehouse: Path) -> Any:
    """Described marts, and their built columns, by name."""
    manifest = json.loads((sample_warehouse.parent / "target" / "manifest.json").read_text(encoding="utf-8"))
    columns = {
        str(name): {str(one["name"]): str(one["type"]) for one in listed}  # type: ignore[attr-defined]
        for name, listed in rows(
            sample_warehouse,
            "select table_name, list({'name': column_name, 'type': data_type} order by column_index)"
            " from duckdb_columns() where schema_name = 'marts' group by table_name",
        )
    }
    described = described_tables(manifest, [("marts", name) for name in columns])
    return {name: (described["marts", name], columns[name]) for name in columns}


def test_every_amount_names_its_currency(built: Mapping[str, tuple[Table, Mapping[str, str]]]) -> None:
    """Amounts have two decimals; prices and means of money say so in their description."""
    wrong = []
    for name, (table, types) in built.items():
        for column in table.columns:
            kind = types[column.name]
            is_number = kind.startswith(("DECIMAL", "DOUBLE"))
            is_told = is_number and "in the reporting currency" in column.description
            if name in UNIT_BY_ROW:
                assert UNIT_BY_ROW[name] in types and column.currency is None
            elif bool(column.currency) != (kind == "DECIMAL(18,2)" or is_told):
                wrong.append(f"{name}.{column.name}")
    assert len(built) > 60 and wrong == []


def test_dates_and_names_come_first_in_every_mart(built: Mapping[str, tuple[Table, Mapping[str, str]]]) -> None:
    wrong = {}
    for name, (table, types) in built.items():
        order = table.in_reading_order(list(types))
        beside = [one for one in order[len(table.key) :] if NAME.search(one)]
        dates = [one for one in table.key if types[one] == "DATE"]
        start = len(table.key) + (not NAME.search(order[len(table.key)]) and bool(beside))
        if (
            sorted(order) != sorted(types)
            or order[: len(dates)] != dates
            or set(order[: len(table.key)]) != set(table.key)
            or order[start : start + len(beside)] != beside
        ):
            wrong[name] = order
    assert wrong == {}
    assert built["orders"][0].in_reading_order(list(built["orders"][1]))[:2] == ["order_id", "order_date"]
