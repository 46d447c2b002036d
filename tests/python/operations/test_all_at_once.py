"""All commands at once on one shop: each ends with a code of its own and one sentence, and readers see whole states."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
from operated_shop import Shop

ERASED = "c0"


def test_all_commands_at_once_do_no_harm(shop: Shop, never_killed: Path) -> None:
    shop.orders(2)
    assert shop.run().process.exitcode == 0
    shop.orders(1)
    environment = {**shop.environment, "SHOPPER_WAREHOUSE": str(shop.warehouse)}
    commands: list[list[object]] = [
        ["run", shop.config],
        ["publish", "--warehouse", shop.warehouse, "--to", shop.published],
        ["build", "--", "--vars", "{raw_data: source}"],
        ["forget", ERASED, "--config", shop.config, "--yes"],
        ["rollback", "--folder", shop.published],
        ["run", shop.config],
    ]
    calls = [shop.processes.start(command, environment) for command in commands]
    sums = set()
    while any(call.process.exitcode is None for call in calls):
        sums.add(sums_of_reader(shop.published / "shop.duckdb"))
        time.sleep(0.02)
    assert all(orders == by_day for orders, by_day in sums)
    for command, call in zip(commands, calls, strict=True):
        assert call.process.exitcode in {0, 1, 2, 75} and "TRACEBACK" not in call.output.upper(), (command, call.output)
    assert any(call.process.exitcode == 0 for call in calls)
    again = shop.processes.run("forget", ERASED, "--config", shop.config, "--yes", environment=environment)
    assert again.process.exitcode == 0, again.output
    assert shop.run().process.exitcode == 0
    shop.seen()
    assert orders_of(shop.published / "shop.duckdb") == orders_of(never_killed)


def sums_of_reader(file: Path) -> tuple[object, ...]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(
            "select (select count(*) from marts.orders), (select sum(orders) from marts.kpi_daily)"
        ).fetchall()[0]


def orders_of(file: Path) -> list[tuple[object, ...]]:
    """The orders of all others than the erased customer."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(
            "from marts.orders where customer_id is distinct from ? order by all", [ERASED]
        ).fetchall()
