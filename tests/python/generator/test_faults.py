"""Every fault in the sample shop has the outcome in its entry."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shopper.contract import load_contract
from shopper.dbt import PROJECT
from shopper.generate.faults import Fault, faults

_KEYS = {table.name: table.keys for table in load_contract(PROJECT).tables}


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(sample_warehouse), read_only=True)


def _staged(sample: duckdb.DuckDBPyConnection, fault: Fault) -> int:
    key = " || '|' || ".join(f"coalesce(cast({column} as varchar), '')" for column in _KEYS[fault.table])
    row = sample.execute(f"select count(*) from staging.stg_{fault.table} where {key} = ?", [fault.key]).fetchone()
    assert row is not None
    return int(row[0])


def _quarantined(sample: duckdb.DuckDBPyConnection, fault: Fault) -> list[str]:
    """Rejection reasons of the rows of a fault. A row without a key is identified by its reason."""
    query = "select rejection_reason from audit.quarantined_rows where table_name = ? and row_key = ?"
    return [reason for (reason,) in sample.execute(query, [fault.table, fault.key]).fetchall()]


def test_there_are_many_faults() -> None:
    assert len(faults()) >= 40
    assert {fault.outcome for fault in faults()} == {"staged", "duplicate", "quarantined"}


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.table}: {fault.name}")
def test_a_fault_has_its_expected_outcome(sample: duckdb.DuckDBPyConnection, fault: Fault) -> None:
    staged, reasons = _staged(sample, fault), _quarantined(sample, fault)
    if fault.outcome == "quarantined":
        assert (staged, set(reasons)) == (0, {fault.reason}), fault.effect
        assert len(reasons) >= len(fault.rows)
    elif fault.outcome == "duplicate":
        assert (staged, reasons) == (1, []), fault.effect
        assert len(fault.rows) > 1
    else:
        assert (staged, reasons) == (len(fault.rows), []), fault.effect


def test_rejected_rows_are_kept_completely(sample: duckdb.DuckDBPyConnection) -> None:
    query = "select count(*) from audit.quarantined_rows where raw_row is null or raw_row not like '{%}'"
    assert sample.execute(query).fetchone() == (0,)
