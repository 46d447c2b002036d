"""Thousands of generated cases: the models compared with the oracle, cell by cell."""

from __future__ import annotations

import pytest
from built_shop import Built

from shopper.contract import load_contract
from shopper.crosscheck.check import Check, run_check
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.table_diff import compare, keyed
from shopper.dbt import PROJECT

_TABLES = {table.name: table for table in load_contract(PROJECT).tables}


def test_there_are_thousands_of_cases(built: Built) -> None:
    assert built.cases >= 2_000


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.mart}: {check.what}")
def test_mart_equals_oracle(built: Built, check: Check) -> None:
    result = run_check(check, built.shop, built.reader)
    assert result.comparison is not None, f"{check.schema}.{check.mart} is missing"
    assert result.comparison.cells, "nothing was compared"
    assert result.comparison.is_equal, "\n".join(map(str, result.comparison.examples))


@pytest.mark.parametrize("name", list(_TABLES))
def test_staged_rows_equal_oracle(built: Built, name: str) -> None:
    table = _TABLES[name]
    # A deleted row is not staged, so the column has done its work before.
    columns = [column.name for column in table.columns if column.name != "is_deleted"]
    rows = built.shop.staged.rows
    expected = keyed(rows.get(f"staged_{name}", rows[name]), table.keys, columns)
    actual = keyed(built.reader.rows(f"stg_{name}", "staging"), table.keys, columns)
    result = compare(columns, expected, actual)
    assert result.is_equal, "\n".join(map(str, result.examples))
