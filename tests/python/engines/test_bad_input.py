"""Bad input on Spark has the outcome that it has on DuckDB: the same rows handed on, rejected, and counted."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import duckdb
import pytest
from bad_input import VALUES, bad_rows

from landing import land
from shopper.contract import load_contract
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt
from shopper.engines.other_dbt import OtherDbt
from shopper.sql import quoted

NAMES = ("duck", "spark")


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, spark_programs: Path) -> duckdb.DuckDBPyConnection:
    """The same raw tables staged by both engines, as the databases `duck` and `spark`."""
    folder = tmp_path_factory.mktemp("bad_input")
    duck, spark = folder / "duck.duckdb", folder / "spark.duckdb"
    land(duck, bad_rows(load_contract(PROJECT), PROJECT / "seeds" / "raw"))
    run_dbt(
        ["build", "--select", "+path:models/staging", *WITHOUT_TESTS],
        variables={"raw_data": "source"}, warehouse=duck, target=folder / "target",
    )  # fmt: skip
    OtherDbt(spark_programs / "dbt", PROJECT, spark, folder / "spark").stage_on_spark(duck)
    connection = duckdb.connect()
    connection.execute(f"attach '{duck}' as duck (read_only); attach '{spark}' as spark (read_only)")
    return connection


def differing(engines: duckdb.DuckDBPyConnection, duck: str, spark: str) -> list[tuple[object, ...]]:
    """Rows that one of two tables has more often than the other, with the engine that has them."""
    columns = [quoted(name) for name, *_ in engines.execute(f"describe duck.{duck}").fetchall()]
    both = {
        name: f"select {', '.join(columns)} from {name}.{table}"
        for name, table in zip(NAMES, (duck, spark), strict=True)
    }
    return [
        (engine, *row)
        for engine, other in permutations(NAMES)
        for row in engines.execute(f"{both[engine]} except all {both[other]} limit 5").fetchall()
    ]


@pytest.mark.parametrize("table", ["quarantined_rows", "row_ledger", "inputs", "quarantine_reasons"])
def test_the_same_rows_are_rejected_for_the_same_reasons(engines: duckdb.DuckDBPyConnection, table: str) -> None:
    assert differing(engines, f"audit.{table}", f"audit.{table}") == []


def test_the_same_rows_are_handed_on(engines: duckdb.DuckDBPyConnection) -> None:
    tables = [name for (name,) in engines.execute(
        "select view_name from duckdb_views() where database_name = 'duck' and view_name like 'stg%'"
    ).fetchall()]  # fmt: skip
    assert len(tables) >= len(load_contract(PROJECT).tables)
    found = {table: differing(engines, f"staging.{table}", f"handed_on.{table}") for table in tables}
    assert {table: rows for table, rows in found.items() if rows} == {}


def test_every_table_has_rows_of_both_kinds(engines: duckdb.DuckDBPyConnection) -> None:
    ledger = engines.execute("select rows_in, staged, quarantined from duck.audit.row_ledger").fetchall()
    assert len(ledger) == len(load_contract(PROJECT).tables)
    assert all(rows > len(VALUES) and staged and rejected for rows, staged, rejected in ledger)
