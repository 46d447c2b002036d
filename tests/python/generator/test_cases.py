"""Every case of a common platform in the sample shop has the right values in marts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from shopper.contract import load_contract
from shopper.dbt import PROJECT
from shopper.generate.cases import Case, cases

KEYS = {"orders": "order_id", "sessions": "session_id", "gift_cards": "month"}


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_has_its_right_values(sample: duckdb.DuckDBPyConnection, case: Case) -> None:
    for mart, expected in case.marts.items():
        for key, values in expected.items():
            columns = ", ".join(values or ("1",))
            found = sample.execute(
                f"select {columns} from marts.{mart} where cast({KEYS[mart]} as varchar) = ?", [key]
            ).fetchone()
            assert (found and tuple(_plain(value) for value in found)) == (values and tuple(values.values())), key


def _plain(value: object) -> object:
    return value if isinstance(value, bool | str | int | None) else float(str(value))


def test_rows_of_cases_have_columns_of_the_contract() -> None:
    contract = load_contract(PROJECT).by_name
    for case in cases():
        for table, rows in case.rows.items():
            assert {column for row in rows for column in row} <= set(contract[table].by_name), case.name
