"""What happens around Spark: Python models on its files, its marts in a DuckDB file, a process that fails. No Spark."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shopper.engines.other_dbt import OtherDbt
from shopper.engines.spark_build import STEPS, SparkDbt
from shopper.errors import CheckFailed

MODEL = """
def model(dbt, session):
    return dbt.ref("prepared").project("happened_at, 2 * amount as doubled")
"""


class WithoutSpark(SparkDbt):
    """Keeps the files that would become tables."""

    created: dict[str, Path]

    def _create(self, table: str, file: Path) -> None:
        self.created = {**getattr(self, "created", {}), table: file}


@pytest.fixture
def spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WithoutSpark:
    for name in ("SHOPPER_SPARK_WAREHOUSE", "SHOPPER_TARGET"):
        monkeypatch.setenv(name, "")
    (tmp_path / "dbt").touch()
    return WithoutSpark(tmp_path / "dbt", tmp_path, tmp_path / "shopper.duckdb", tmp_path / "target")


def written(tmp_path: Path, schema: str, table: str, query: str) -> None:
    """A table as Spark leaves it: a folder of Parquet files, moments in UTC."""
    folder = tmp_path / "target" / "spark" / f"{schema}.db" / table
    folder.mkdir(parents=True)
    duckdb.sql(f"copy ({query}) to '{folder / 'part-0.parquet'}' (format parquet)")


def node(name: str, path: str, *parents: str) -> dict[str, Any]:
    ids = [f"model.shop.{parent}" for parent in parents]
    return {
        "name": name, "alias": name, "schema": "steps", "resource_type": "model", "original_file_path": path,
        "depends_on": {"nodes": ids},
    }  # fmt: skip


def test_a_python_model_reads_and_writes_files(spark: WithoutSpark, tmp_path: Path) -> None:
    written(tmp_path, "steps", "prepared", "select timestamptz '2024-01-01 08:00:00+08' as happened_at, 3 as amount")
    (tmp_path / "fitted.py").write_text(MODEL)
    nodes = [node("prepared", "prepared.sql"), node("fitted", "fitted.py", "prepared")]
    spark._fit({"nodes": {f"model.shop.{found['name']}": found for found in nodes}}, ["fitted"])
    file = spark.created["steps.fitted"]
    assert duckdb.sql(f"select * from '{file}'").fetchall() == [(datetime(2024, 1, 1), 6)]


def test_marts_become_tables_of_the_warehouse(spark: WithoutSpark, tmp_path: Path) -> None:
    written(tmp_path, "marts", "orders", "select timestamptz '2024-01-01 08:00:00+08' as ordered_at, 1.50 as amount")
    written(tmp_path, "audit", "row_ledger", "select 'orders' as table_name")
    spark._note_whole_build()
    with duckdb.connect(str(tmp_path / "shopper.duckdb"), read_only=True) as connection:
        assert connection.execute("select ordered_at, amount::varchar from marts.orders").fetchall() == [
            (datetime(2024, 1, 1), "1.50")
        ]
        assert connection.execute("select table_name from audit.row_ledger").fetchall() == [("orders",)]


def test_what_each_step_took_is_written_as_it_ends(spark: WithoutSpark, tmp_path: Path) -> None:
    spark._note("model.shop.orders", 1.5)
    spark._note("model.shop.daily", 0.5)
    steps = [json.loads(line) for line in (tmp_path / "target" / STEPS).read_text().splitlines()]
    assert [(step["step"], step["seconds"]) for step in steps] == [
        ("model.shop.orders", 1.5),
        ("model.shop.daily", 0.5),
    ]
    assert steps[0]["processor"] <= steps[1]["processor"]
    assert steps[0]["processor"] > 0
    assert steps[0]["peak"] > 10


def environment(tmp_path: Path, script: str) -> OtherDbt:
    """A dbt in an environment whose Python is a shell script."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    (tmp_path / "bin" / "dbt").touch()
    return OtherDbt(tmp_path / "bin" / "dbt", tmp_path, tmp_path / "shopper.duckdb", tmp_path / "target")


def test_the_error_of_the_process_is_told(tmp_path: Path) -> None:
    other = environment(tmp_path, "echo 'dbt build failed: orders: no Java' >&2; exit 1")
    with pytest.raises(CheckFailed, match="orders: no Java"):
        other.build_on_spark()


@pytest.mark.parametrize(("script", "is_whole"), [("exec sleep 60", False), ("exit 0", True)])
def test_a_large_build_ends_in_its_time_or_is_stopped(tmp_path: Path, script: str, is_whole: bool) -> None:
    other = environment(tmp_path, script)
    assert other.build_shop_on_spark(tmp_path / "raw.duckdb", seconds=2) is is_whole
