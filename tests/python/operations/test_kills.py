"""Killed and stopped runs: published data stays complete, and the next run gives the same result as without a kill."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from operated_shop import Shop

from shopper.bench.endurance.kills import Shop as Killed
from shopper.bench.endurance.kills import kill_runs
from shopper.bench.endurance.readers import read_during_runs


def test_runs_killed_at_random_times_do_no_harm(shop: Shop, never_killed: Path) -> None:
    """The short form of `python -m shopper.bench.endurance`."""
    shop.orders(version=1)
    killed = Killed([shop.config], shop.published, shop.environment)
    figures = kill_runs(killed, [never_killed], shop.processes, kills=3, seed=7, log=print)
    assert figures.problems == []
    assert figures.kills == 3 and figures.recovered >= 1


@pytest.mark.parametrize("step", ["load", "build", "publish"])
def test_the_run_after_a_kill_gives_the_same_result(step: str, shop: Shop, never_killed: Path) -> None:
    before = shop.state()
    shop.orders(version=1)
    call = shop.start()
    assert call.wait_for(f"{step}: started")
    assert call.kill()
    assert shop.seen()
    if step != "publish":
        assert shop.state() == before
    again = shop.run()
    assert again.process.exitcode == 0, again.output
    assert shop.report()["is_full_refresh"] == (step == "build")
    assert shop.seen().rows["marts.orders"] == 61 * 40
    assert shop.differences(never_killed) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_reports_it_and_publishes_nothing(number: signal.Signals, shop: Shop) -> None:
    before = shop.state()
    shop.orders(version=1)
    call = shop.start()
    assert call.wait_for("build: started")
    time.sleep(0.3)
    os.kill(call.process.pid or 0, number)
    assert call.wait(60) == 128 + number, call.output
    assert f"stopped by {number.name}; nothing was published" in call.output
    assert "Traceback" not in call.output
    assert shop.state() == before
    assert shop.report()["status"] == "stopped"
    assert shop.run().process.exitcode == 0
    assert shop.seen().rows["marts.orders"] == 61 * 40


def test_an_interrupted_backfill_keeps_the_published_generation_and_can_be_repeated(shop: Shop) -> None:
    days = ("2024-01-10", "2024-01-20")
    assert shop.run("--vars", f"{{as_of_date: {days[0]}}}").process.exitcode == 0
    assert shop.seen().rows["marts.kpi_daily"] == 10
    before = shop.state()
    call = shop.start("--vars", f"{{as_of_date: {days[1]}}}")
    assert call.wait_for("build: started")
    assert call.kill()
    assert shop.state() == before
    assert shop.run("--vars", f"{{as_of_date: {days[1]}}}").process.exitcode == 0
    assert shop.seen().rows["marts.kpi_daily"] == 20


def test_readers_during_runs_see_one_generation_each(shop: Shop) -> None:
    runs = Killed([shop.config], shop.published, shop.environment)
    figures = read_during_runs(runs, shop.processes, readers=20, log=print)
    assert figures.problems == []
    assert len(figures.generations) >= 2
