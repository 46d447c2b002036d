"""`shopper accept` on the sample: it agrees, it detects a single wrong cent, and it reports unusable warehouses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from running import Shopper


def test_the_sample_agrees_with_the_second_computation(
    sample_warehouse: Path, shopper: Shopper, tmp_path: Path
) -> None:
    report = tmp_path / "report" / "accept.json"
    result = shopper("accept", "--warehouse", sample_warehouse, "--json", report)
    assert result.code == 0, result.output
    document = json.loads(report.read_text(encoding="utf-8"))
    assert document["passed"]
    assert len(document["checks"]) >= 18
    assert all(check["passed"] and check["cells"] for check in document["checks"])
    verdicts = {truth["name"]: truth["verdict"] for truth in document["truths"]}
    assert verdicts["loyal_share"] == verdicts["mobile_share"] == verdicts["cart_loss"] == "holds"
    assert "OFF" not in verdicts.values()
    for line in ("truth planted warehouse tolerance verdict", "checks equal over", "planted truths:"):
        assert line in result.output


WRONG = (
    (
        "update marts.orders set net_revenue = net_revenue + 0.01 "
        "where order_id in (select min(order_id) from marts.orders)",
        "orders customer, validity, revenue, discounts, refunds",
    ),
    (
        "delete from marts.customer_rfm where customer_id in (select max(customer_id) from marts.customer_rfm)",
        "rfm measures, scores, segment, tier",
    ),
    (
        "update marts.customer_tier_summary set customer_share = 0.09 where customer_tier = 'loyal'",
        "loyal customers are 8 % 0.08 0.09 0.075 to 0.085 OFF",
    ),
    (
        "update marts.sessions set device_type = 'desktop' where device_type = 'mobile'",
        "92 % of visits are mobile 0.92 0 0.91 to 0.93 OFF",
    ),
    ("drop table marts.kpi_daily", "marts.kpi_daily is missing missing"),
)
"""A changed cent, a missing customer, two changed shares and a missing mart, each with its line in the report."""


def test_changed_cells_rows_and_tables_are_found(sample_warehouse: Path, shopper: Shopper, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    shutil.copy(sample_warehouse, broken)
    with duckdb.connect(str(broken)) as connection:
        for change, _shown in WRONG:
            connection.execute(change)
    report = tmp_path / "accept.json"
    result = shopper("accept", "--warehouse", broken, "--json", report)
    assert result.code == 1
    for _change, shown in WRONG:
        assert shown in result.output
    assert "not accepted" in result.output
    document = json.loads(report.read_text(encoding="utf-8"))
    misses = {check["mart"]: check["differing"] for check in document["checks"] if not check["passed"]}
    assert misses["marts.orders"] == 1
    assert misses["marts.kpi_daily"] is None
    assert not document["passed"]


def test_a_missing_warehouse_is_reported(shopper: Shopper, tmp_path: Path) -> None:
    result = shopper("accept", "--warehouse", tmp_path / "none.duckdb")
    assert result.code == 2
    assert "no warehouse there" in result.output


def test_a_file_that_is_no_warehouse_is_reported(shopper: Shopper, tmp_path: Path) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database", encoding="utf-8")
    result = shopper("accept", "--warehouse", text)
    assert result.code == 2
    assert "is not a DuckDB file" in result.output


def test_a_warehouse_without_marts_is_reported(shopper: Shopper, tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    result = shopper("accept", "--warehouse", empty)
    assert result.code == 2
    assert "no marts in it" in result.output


@pytest.mark.parametrize(
    ("vars", "shown"), [("[1]", "expected a mapping"), ("{a: ", "not valid YAML"), ("{as_of_date: soon}", "--vars")]
)
def test_invalid_vars_are_reported(sample_warehouse: Path, shopper: Shopper, vars: str, shown: str) -> None:
    result = shopper("accept", "--warehouse", sample_warehouse, "--vars", vars)
    assert result.code == 2
    assert shown in result.output


def test_a_contradicting_raw_data_var_is_reported(sample_warehouse: Path, shopper: Shopper) -> None:
    result = shopper("accept", "--warehouse", sample_warehouse, "--vars", "{raw_data: source}")
    assert result.code == 2
    assert "built with raw_data sample" in result.output


def test_a_warehouse_that_a_process_writes_is_locked(
    shopper: Shopper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 75, so that a scheduler tries again."""
    warehouse = tmp_path / "shop.duckdb"
    monkeypatch.setenv("SHOPPER_WAREHOUSE", str(warehouse))
    writing = f"import duckdb; c = duckdb.connect({str(warehouse)!r}); print('ready', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", writing], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout and writer.stdin and writer.stdout.readline()
        ran = {name: shopper(name) for name in ("accept", "publish", "doctor")}
        ran["fit"] = shopper("fit", "--manifest", __file__)
        writer.communicate(b"\n")
    assert {name: one.code for name, one in ran.items()} == dict.fromkeys(ran, 75)
    assert all(str(writer.pid) in one.output for one in ran.values()), ran
