"""Checks explanations of a built warehouse: what does not add up, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shopper.explain.measuring import Measuring
from shopper.explain.rules import mart_rules
from shopper.explain.warehouse import Warehouse, listed, read_only


def whole_rows(warehouse: Warehouse, mart: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The first and the last row by key, with every column that has a rule."""
    rules, columns = mart_rules()[mart], warehouse.columns(f"marts.{mart}")
    key = [name for name in rules.key if name in columns]
    for order in (listed(key), ", ".join(f"{name} desc" for name in key)):
        for row in warehouse.rows(f"from marts.{mart} order by {order} limit 1"):
            yield row, list(rules.columns)


def extreme_cells(warehouse: Warehouse, mart: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Of every column that has a rule its largest, its smallest and an empty cell, each with the row."""
    rules, columns = mart_rules()[mart], warehouse.columns(f"marts.{mart}")
    key = listed([name for name in rules.key if name in columns])
    for column in rules.columns:
        for condition, order in (("is not null", "desc, "), ("is not null", ", "), ("is null", ", ")):
            sql = f'from marts.{mart} where "{column}" {condition} order by "{column}" {order}{key} limit 1'
            for row in warehouse.rows(sql):
                yield row, [column]


def unexplained(file: Path, mart: str, extremes: bool = True) -> tuple[dict[str, object], int]:
    """Columns that do not add up or are not checked, with an example; and the number of cells that add up."""
    wrong: dict[str, object] = {}
    checked = 0
    with read_only(file) as connection:
        cells = [*whole_rows(Warehouse(connection), mart)]
        cells += extreme_cells(Warehouse(connection), mart) if extremes else []
        for row, columns in cells:
            measuring = Measuring(Warehouse(connection), mart_rules()[mart], row, rows=1)
            for column in columns:
                measure = measuring.measure(column)
                checked += measure.adds_up is True
                if measure.broken or measure.adds_up is None:
                    wrong[f"{mart}.{column}"] = (measure.note, measure.value, measure.recomputed, row)
    return wrong, checked
