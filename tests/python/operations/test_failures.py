"""Failures of runs: each has its exit code and message, and the published data does not change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from operated_shop import Shop

Mount = Callable[[Path, str], None]


def refused(shop: Shop, code: int, *messages: str, arguments: tuple[object, ...] = ()) -> str:
    """Run, and expect this exit code, these messages, and no publication. Returns the output."""
    before = shop.state()
    call = shop.run(*arguments)
    assert call.process.exitcode == code, call.output
    for words in messages:
        assert words in call.output
    assert "Traceback" not in call.output
    assert shop.state() == before
    return call.output


def published(shop: Shop) -> None:
    """Run, and expect a new, complete generation."""
    before = shop.seen().generation
    call = shop.run()
    assert call.process.exitcode == 0, call.output
    assert shop.seen().generation > before


def test_a_failing_test_publishes_nothing_and_reports_the_row(shop: Shop) -> None:
    shop.orders(more="select 'o7' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at, '1' as total_amount")
    refused(shop, 1, "test unique_key_orders_order_id", "key_part_1=o7, occurrences=2", "nothing was published")
    report = shop.report()
    assert (report["status"], report["exit_code"], report["generation"]) == ("failed", 1, None)
    assert [node["name"] for node in report["build"]["failed"]] == ["unique_key_orders_order_id"]
    shop.orders()
    published(shop)


def test_a_failing_model_publishes_nothing_and_is_reported(shop: Shop) -> None:
    shop.orders(more="select 'x' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at, 'ten' as total_amount")
    refused(shop, 1, "model int_orders", "ten", "nothing was published")
    assert "kpi_daily" in shop.report()["build"]["skipped"]
    shop.orders(version=1)
    published(shop)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("rfm_window_days", "-5", "a whole number from 1 to 36500"),
        ("rfm_window_days", "'365'", "a whole number from 1 to 36500"),
        ("reporting_timezone", '"O\'Hare"', "the name of a time zone"),
        ("reporting_currency", '"EUR\'; drop table marts.orders; --"', "a currency code of three capital letters"),
    ],
)
def test_an_invalid_var_stops_the_run_before_the_load(name: str, value: str, expected: str, shop: Shop) -> None:
    shop.orders(version=1)
    output = refused(shop, 2, f"{name} is", expected, arguments=("--vars", f"{{{name}: {value}}}"))
    assert "load: started" not in output
    with duckdb.connect(str(shop.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.orders").fetchone() == (60 * 40,)


def test_an_unknown_var_is_reported_with_the_closest_one(shop: Shop) -> None:
    shop.configure(vars={"rfm_window_day": 30})
    refused(shop, 2, "unknown key vars.rfm_window_day; did you mean rfm_window_days")


def test_an_empty_selection_has_its_own_exit_code(shop: Shop) -> None:
    shop.configure(select="row_ledger")
    refused(shop, 3, "select: row_ledger: no mart is selected")


def test_a_misspelt_selection_is_refused_at_once_with_the_closest_name(shop: Shop) -> None:
    shop.configure(select="+kpi_dayly")
    artifacts = shop.warehouse.with_suffix(".run") / "target"
    shutil.rmtree(artifacts)
    refused(shop, 2, "no model, seed or folder is called kpi_dayly; did you mean kpi_daily")
    assert not artifacts.exists()  # dbt was not started


def test_a_selection_without_its_parents_is_refused(shop: Shop) -> None:
    shop.configure(select="kpi_daily")
    refused(shop, 2, "selected models read orders, not selected", "+name selects a model with its parents")


def test_only_what_was_built_is_published(shop: Shop) -> None:
    shop.configure(select="+kpi_daily")
    published(shop)
    assert set(shop.seen().rows) == {"marts.kpi_daily", "marts.orders"}
    # By hand, all tables would be published, and most are of an earlier build.
    places = ("--warehouse", shop.warehouse, "--to", shop.published)
    by_hand = shop.processes.run("publish", *places, environment=shop.environment)
    assert by_hand.process.exitcode == 1, by_hand.output
    assert "the last command was `dbt build` of a selection" in by_hand.output


def test_a_full_publish_disk_keeps_the_published_generation(shop: Shop, small_disk: Mount) -> None:
    held = shop.folder / "held"
    shutil.move(shop.published, held)
    size = sum(path.stat().st_size for path in held.rglob("*") if not path.is_symlink())
    small_disk(shop.published, f"size={size * 3 // 2}")
    shutil.copytree(held, shop.published, symlinks=True, dirs_exist_ok=True)
    shop.orders(version=1)
    refused(shop, 1, "not published, readers keep what they had", "No space left on device")
    assert shop.seen()


@pytest.mark.parametrize("size", ["1m", "10m"])
def test_a_full_warehouse_disk_keeps_the_published_generation(size: str, shop: Shop, small_disk: Mount) -> None:
    small_disk(shop.folder / "disk", f"size={size}")
    shop.orders(per_day=4000)
    shop.configure(warehouse="disk/shop.duckdb")
    refused(shop, 1, "nothing was published", "No space left on device")
    shop.configure()
    shop.orders(version=1)
    published(shop)


@pytest.mark.parametrize("step", ["load", "build"])
def test_too_little_memory_keeps_the_published_generation(step: str, shop: Shop) -> None:
    shop.orders(per_day=1000)
    shop.configure()
    if step == "build":
        published(shop)
        shop.configure(load=None, vars={"raw_data": "source", "as_of_date": "2024-02-01"}, memory="3MB")
    else:
        shop.configure(memory="3MB")
    output = refused(shop, 1, "Out of Memory", "nothing was published")
    assert f"{step}: failed" in output
    shop.configure(memory="1GB")
    published(shop)


@pytest.mark.parametrize("how", ["a file in its way", "mounted read-only", "immutable"])
def test_an_unwritable_folder_is_found_before_the_load(how: str, shop: Shop, small_disk: Mount) -> None:
    place = shop.folder / "elsewhere"
    if how == "a file in its way":
        place.write_text("in the way", encoding="utf-8")
    elif how == "mounted read-only":
        small_disk(place, "ro")
    else:
        place.mkdir()
        done = subprocess.run(["chattr", "+i", str(place)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"chattr +i is not permitted here: {done.stderr.strip()}")
    try:
        shop.configure(publish="elsewhere/published")
        output = refused(shop, 2, "publish: ", "can't be written")
        assert "load: started" not in output
        shop.configure(warehouse="elsewhere/shop.duckdb")
        refused(shop, 2, "not a writable folder")
    finally:
        if how == "immutable":
            subprocess.run(["chattr", "-i", str(place)], check=True)


def test_a_second_run_is_told_who_holds_the_lock_since_when(shop: Shop) -> None:
    shop.orders(version=1)
    first = shop.start()
    assert first.wait_for("check: started")
    second = shop.run()
    assert second.process.exitcode == 75, second.output
    assert f"held by process {first.process.pid} (shopper run) since 20" in second.output
    assert first.wait() == 0, first.output
    assert shop.seen().rows["marts.orders"] == 61 * 40


def test_a_manual_load_is_refused_during_a_run(shop: Shop) -> None:
    first = shop.start()
    assert first.wait_for("check: started")
    mapping = shop.folder / "shop_mapping.yml"
    load = shop.processes.run("load", mapping, "--warehouse", shop.warehouse, environment=shop.environment)
    assert load.process.exitcode == 75, load.output
    assert first.wait() == 0, first.output


@pytest.mark.parametrize("read_only", [True, False])
def test_the_holder_of_the_working_file_is_named(read_only: bool, shop: Shop) -> None:
    with duckdb.connect(str(shop.warehouse), read_only=read_only):
        refused(shop, 75, f"is open in process {os.getpid()} (", "try again later")
    shop.orders(version=1)
    published(shop)


def test_a_reader_of_the_working_file_that_comes_during_the_checks_is_named(shop: Shop) -> None:
    """Of a run with something to write: one with nothing new only reads too, and ends well."""
    shop.orders(version=1)
    started = shop.start()
    assert started.wait_for("check: started")
    reader: duckdb.DuckDBPyConnection | None = None
    while reader is None and started.process.is_alive():
        with suppress(duckdb.Error):
            reader = duckdb.connect(str(shop.warehouse), read_only=True)
    assert reader is not None
    with reader:
        assert started.wait() == 75, started.output
    assert f"is open in process {os.getpid()} (" in started.output


def test_readers_of_the_published_file_do_not_block_runs(shop: Shop) -> None:
    with duckdb.connect(str(shop.published / "shop.duckdb"), read_only=True) as reader:
        shop.orders(version=1)
        published(shop)
        assert reader.execute("select count(*) from marts.orders").fetchone() == (60 * 40,)


def test_a_working_file_that_is_no_database_is_reported(shop: Shop) -> None:
    shop.warehouse.write_bytes(b"x" * 100_000)
    refused(shop, 2, "shop.duckdb is not a DuckDB file", "Nothing has changed")
    assert shop.warehouse.read_bytes() == b"x" * 100_000


def test_a_working_file_that_is_broken_is_reported(shop: Shop) -> None:
    with shop.warehouse.open("r+b") as handle:
        handle.truncate(9_000)
    refused(shop, 1, "shop.duckdb can't be opened", "nothing has changed")


def test_a_missing_delivery_is_found_before_anything_starts(shop: Shop) -> None:
    (shop.folder / "orders.parquet").unlink()
    output = refused(shop, 2, "source orders: no file")
    assert "started" not in output


def test_an_empty_file_is_refused_by_the_load(shop: Shop) -> None:
    (shop.folder / "orders.parquet").write_bytes(b"")
    refused(shop, 2, "orders.parquet is empty (0 bytes)", "nothing was published")


def test_a_missing_required_column_is_bad_input(shop: Shop) -> None:
    shop.configure()
    with duckdb.connect(str(shop.warehouse)) as connection:
        connection.execute("alter table raw.orders drop column ordered_at")
    shop.config.write_text(
        '{"vars": {"raw_data": "source"}, "warehouse": "warehouse/shop.duckdb", "publish": "published"}', "utf-8"
    )
    refused(shop, 2, "table raw.orders lacks the required column ordered_at")


def test_a_failed_run_writes_a_report(shop: Shop) -> None:
    shop.configure(select="row_ledger")
    shop.run()
    report = shop.report()
    assert report["status"] == "nothing_selected"
    page = shop.warehouse.with_suffix(".run") / "reports" / "latest" / "report.html"
    assert "nothing published" in page.read_text(encoding="utf-8")


def test_the_installed_command_exits_with_the_run_code(shop: Shop) -> None:
    """Uses the installed command, as a scheduler does."""
    environment = {**os.environ, **shop.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "shopper", "run", str(shop.config), "--check"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the configuration is valid" in done.stdout
