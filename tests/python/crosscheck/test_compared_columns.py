"""Every number of every mart is compared with the second computation, or is listed with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from shopper.crosscheck import crosscheck
from shopper.crosscheck.check import Reader
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.crosscheck import open_warehouse, settings_of
from shopper.dbt import PROJECT

_UNCOMPARED: Final = Path(__file__).with_name("uncompared.yml")
_Column = tuple[str, str]


class _Whole(int):
    column: _Column


class _Double(float):
    column: _Column


class _Amount(Decimal):
    column: _Column


_KINDS: Final[Mapping[type, type]] = {int: _Whole, float: _Double, Decimal: _Amount}


class _Marking(Reader):
    """A reader whose numbers know the column that they come from. A number that is computed from them does not."""

    def rows(self, mart: str, schema: str = "marts", where: str = "true") -> list[dict[str, Any]]:
        found = super().rows(mart, schema, where)
        return [{name: self._marked(value, (mart, name)) for name, value in row.items()} for row in found]

    @staticmethod
    def _marked(value: Any, column: _Column) -> Any:
        kind = _KINDS.get(type(value))
        if kind is None:
            return value
        marked = kind(value)
        marked.column = column
        return marked


@pytest.fixture(scope="module")
def compared(sample_warehouse: Path) -> set[_Column]:
    """Columns of which a check compares a number of the sample as it is in the mart, or finds rows by it."""
    found: set[_Column] = set()
    with open_warehouse(sample_warehouse) as connection:
        shop = crosscheck.compute(connection, PROJECT, settings_of(PROJECT, {"raw_data": "sample"}))
        reader = _Marking(connection)
        for check in CHECKS:
            _columns, _expected, actual = check.sides(shop, reader)
            for key, cells in actual.items():
                parts = (*(key if isinstance(key, tuple) else (key,)), *cells)
                found |= {part.column for part in parts if type(part) in _KINDS.values()}
    return found


@pytest.fixture(scope="module")
def numbers(sample_warehouse: Path) -> set[_Column]:
    """Columns of marts with a number in the sample."""
    found: set[_Column] = set()
    with open_warehouse(sample_warehouse) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' "
            "and regexp_matches(data_type, '^(BIGINT|DECIMAL|DOUBLE)')"
        ).fetchall()
        for mart, column in columns:
            counted = connection.execute(f'select count("{column}") from marts."{mart}"').fetchone()
            if counted and counted[0]:
                found.add((mart, column))
    return found


def _listed() -> dict[_Column, str]:
    entries = yaml.safe_load(_UNCOMPARED.read_text(encoding="utf-8"))
    return {
        (mart, column): entry["why"]
        for entry in entries
        for mart, names in entry["columns"].items()
        for column in names
    }


def test_a_number_is_compared_or_listed_with_a_reason(numbers: set[_Column], compared: set[_Column]) -> None:
    assert sorted(numbers - compared - _listed().keys()) == []


def test_nothing_is_listed_that_is_compared_or_not_there(numbers: set[_Column], compared: set[_Column]) -> None:
    listed = _listed().keys()
    assert sorted(listed & compared) == []
    assert sorted(listed - numbers) == []


def test_a_check_is_told_from_the_others_by_its_mart_and_what_it_compares() -> None:
    assert len({(check.mart, check.what) for check in CHECKS}) == len(CHECKS)
