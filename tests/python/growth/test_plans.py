"""The work that is read from a profile, for queries whose plan is known."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from plans import Work, recorder


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create table facts as select n as id, n % 10 as kind, n as value from range(3000) as rows(n)")
    return connection


def _work(connection: duckdb.DuckDBPyConnection, folder: Path, query: str) -> Work:
    works: dict[str, Work] = {}
    record = recorder(connection, folder / "profile.json", works)
    connection.execute(f"create table result as {query}")
    record("result")
    return works["result"]


def test_rows_multiplied_on_the_way(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    joined = "from facts inner join facts as others on others.kind = facts.kind group by facts.kind"
    work = _work(connection, tmp_path, f"select facts.kind, count(others.value) as pairs {joined}")
    assert work.largest_operator == 900_000
    assert work.multiplication == 300
    assert work.loop_side == 0


def test_loop_over_two_inputs(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    joined = "from facts left join facts as others on others.id = facts.id and facts.kind = 0"
    work = _work(connection, tmp_path, f"select facts.id, others.value {joined}")
    assert work.loop_side == 3000


def test_rows_of_a_result_behind_a_cte_are_no_multiplication(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    twice = "select id, value from kept union all select id, value + 1 from kept"
    work = _work(connection, tmp_path, f"with kept as materialized (select id, value from facts) {twice}")
    assert (work.largest_operator, work.multiplication) == (6000, 1)
