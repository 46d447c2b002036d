"""Crosscheck of a warehouse: compute the oracle, run every check, measure the planted truths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shopper.crosscheck.check import Check, Reader, Result, run_check
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.oracle.settings import Settings
from shopper.crosscheck.oracle.shop import compute
from shopper.crosscheck.truths.measured import Measured, measure_truths
from shopper.errors import BadInput, Locked
from shopper.sql import is_lock_conflict, lock_holder


@dataclass(frozen=True)
class Outcome:
    """Results of the checks, in order, and measured truths (empty if the warehouse does not hold the sample)."""

    results: list[Result]
    measured: list[Measured]

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results) and all(one.passed for one in self.measured)


def crosscheck(
    warehouse: Path, root: Path, overrides: Mapping[str, object], checks: Sequence[Check] = CHECKS
) -> Outcome:
    """Compare the marts of a warehouse with the oracle and, for the sample shop, with the planted truths.

    `overrides` are the vars of the build that differ from the project's. Whether it was built from the sample or from
    landed tables is read from the warehouse. Raises BadInput if there is no warehouse, if it has no marts, or if
    `raw_data` in the vars contradicts it.
    """
    with open_warehouse(warehouse) as connection:
        raw_data = built_from(connection, warehouse)
        if overrides.get("raw_data", raw_data) != raw_data:
            raise BadInput(f"{warehouse}: built with raw_data {raw_data}, not {overrides['raw_data']}")
        settings = settings_of(root, {**overrides, "raw_data": raw_data})
        shop = compute(connection, root, settings)
        is_sample = raw_data == "sample" and settings == settings_of(root, {"raw_data": "sample"})
        results = [run_check(check, shop, Reader(connection)) for check in checks]
        return Outcome(results, measure_truths(connection) if is_sample else [])


def settings_of(root: Path, overrides: Mapping[str, object]) -> Settings:
    """The vars of a build. Raises BadInput for a value of the wrong type."""
    try:
        return Settings.of_project(root, overrides)
    except (ValueError, TypeError) as error:
        raise BadInput(f"--vars: {error}") from error


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse read-only. Raises Locked if a process writes it, BadInput if it can't be read."""
    if not path.is_file():
        raise BadInput(f"{path}: no warehouse there; build it with `dbt build` or set SHOPPER_WAREHOUSE")
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(f"{path} is open in {lock_holder(str(error))}; nothing was compared") from error
        raise BadInput(f"{path}: cannot be read as a DuckDB file: {str(error).splitlines()[0]}") from error


def built_from(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> str:
    """`sample` or `source`, by the tables that the source views read. Raises BadInput if there are no marts."""
    marts = connection.execute("select count(*) from duckdb_tables() where schema_name = 'marts'").fetchone()
    view = connection.execute(
        "select sql from duckdb_views() where schema_name = 'staging' and view_name = 'source_orders'"
    ).fetchone()
    if not marts or not marts[0] or not view:
        raise BadInput(f"{warehouse}: no marts in it; build them with `dbt build`")
    return "sample" if ".raw_orders" in view[0] else "source"
