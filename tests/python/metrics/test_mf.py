"""`mf query`, as an analyst calls it, on the project's own warehouse (`make metrics`)."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from running import ROOT, rows
from shopper.project import warehouse_path

pytest.importorskip("dbt_metricflow", reason="dbt-metricflow is not installed (make metrics has an environment for it)")


@pytest.fixture(scope="module")
def built() -> Path:
    """The project's warehouse, with dbt's artifacts."""
    path = warehouse_path(ROOT)
    if not path.exists() or not (ROOT / "target/semantic_manifest.json").exists():
        pytest.skip(f"{path} or target/ is not there; `make warehouse` builds both")
    return path


def mf(built: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One call in the environment that runs this test."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "SHOPPER_WAREHOUSE": str(built),
        "DBT_PROFILES_DIR": str(ROOT / "profiles"),
    }
    return subprocess.run(["mf", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_query_gives_the_mart_to_the_cent(built: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    query = ("query", "--metrics", "net_revenue", "--group-by", "metric_time__month", "--csv", str(file))
    ended = mf(built, *query)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    with file.open(encoding="utf-8", newline="") as answer:
        found = {row["metric_time__month"][:10]: Decimal(row["net_revenue"]) for row in csv.DictReader(answer)}
    expected = rows(built, "select strftime(month, '%Y-%m-%d'), net_revenue from marts.revenue_tree")
    assert len(found) > 12
    assert {month: amount.quantize(Decimal("0.01")) for month, amount in found.items()} == dict(expected)


def test_a_wrong_metric_is_named_with_what_is_near(built: Path) -> None:
    ended = mf(built, "query", "--metrics", "net_revenues")
    assert ended.returncode != 0
    assert "does not exactly match any known metrics" in ended.stdout and "'net_revenue'" in ended.stdout
