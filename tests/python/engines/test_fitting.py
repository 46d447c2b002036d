"""Python models run on a warehouse without dbt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from running import Shopper
from shopper.engines.fitting import fit
from shopper.errors import BadInput, CheckFailed

MODEL = """
def model(dbt, session):
    table = dbt.ref("prepared").to_arrow_table()
    return table.append_column("doubled", [[2 * value for value in table["amount"].to_pylist()]])
"""
NEXT = """
def model(dbt, session):
    return dbt.ref("fitted").to_arrow_table().slice(0, 1)
"""


def node(name: str, path: str, *parents: str) -> dict[str, Any]:
    return {
        "name": name, "alias": name, "schema": "steps", "resource_type": "model", "original_file_path": path,
        "depends_on": {"nodes": [f"model.shop.{parent}" for parent in parents]},
    }  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "fitted.py").write_text(MODEL)
    (tmp_path / "first.py").write_text(NEXT)
    return tmp_path


@pytest.fixture
def manifest() -> dict[str, Any]:
    nodes = [
        node("first", "first.py", "fitted"), node("fitted", "fitted.py", "prepared"), node("prepared", "prepared.sql")
    ]  # fmt: skip
    return {"nodes": {f"model.shop.{found['name']}": found for found in nodes}}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("create schema steps")
    found.execute("create table steps.prepared as select 'a' as id, 3 as amount union all select 'b', 5")
    return found


def test_a_model_writes_its_table_and_children_read_it(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], project: Path
) -> None:
    assert fit(connection, manifest, project) == {"fitted": 2, "first": 1}
    assert connection.execute("select id, doubled from steps.fitted order by id").fetchall() == [("a", 6), ("b", 10)]
    assert connection.execute("select count(*) from steps.first").fetchall() == [(1,)]


def test_a_second_run_replaces_the_table(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], project: Path
) -> None:
    fit(connection, manifest, project)
    connection.execute("delete from steps.prepared where id = 'b'")
    assert fit(connection, manifest, project, ["fitted"]) == {"fitted": 1}


def test_an_input_that_is_not_built_is_named(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], project: Path
) -> None:
    connection.execute("drop table steps.prepared")
    with pytest.raises(CheckFailed, match=r'"steps"\."prepared" is not in the warehouse; build it first'):
        fit(connection, manifest, project)


def test_a_name_that_is_no_python_model_is_refused(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], project: Path
) -> None:
    with pytest.raises(BadInput, match="prepared is no Python model of the project; there are first, fitted"):
        fit(connection, manifest, project, ["prepared"])


def test_the_command_needs_a_manifest_and_a_warehouse(shopper: Shopper, tmp_path: Path) -> None:
    ran = shopper("fit", "--manifest", tmp_path / "none.json")
    assert (ran.code, "none.json is not there; dbt parse writes it" in ran.output) == (2, True)
    (tmp_path / "manifest.json").write_text('{"nodes": {}}')
    ran = shopper("fit", "--manifest", tmp_path / "manifest.json", "--warehouse", tmp_path / "no.duckdb")
    assert (ran.code, "expected a warehouse with the SQL models built" in ran.output) == (2, True)
