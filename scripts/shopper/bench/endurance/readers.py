"""Readers during runs that publish: none may fail, and each must see a single generation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from shopper.bench.endurance.kills import Shop
from shopper.bench.endurance.processes import Processes

_PAUSE_SECONDS: Final = 0.05
_RUNS: Final = 2


@dataclass
class ReaderFigures:
    """Results: number of readers, generations that they saw, number of runs that ended meanwhile."""

    readers: int = 0
    runs: int = 0
    generations: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def read_during_runs(shop: Shop, processes: Processes, readers: int, log: Callable[[str], None]) -> ReaderFigures:
    """Start readers one after the other during consecutive runs, until `readers` have finished and two generations have
    been published.

    One generation must be published already.
    """
    figures = ReaderFigures()
    path = shop.published / shop.file.name
    while figures.readers < readers or figures.runs < _RUNS:
        call = shop.start(processes, figures.runs)
        while call.process.exitcode is None:
            figures.readers += 1
            try:
                figures.generations.add(_read(path))
            except Exception as error:
                figures.problems.append(f"reader {figures.readers}: {type(error).__name__}: {error}")
            call.process.join(_PAUSE_SECONDS)
        figures.runs += 1
        if call.process.exitcode != 0:
            figures.problems.append(f"run {figures.runs} ended with {call.process.exitcode}: {call.output}")
            break
        log(f"{figures.readers} readers during {figures.runs} runs, {len(figures.problems)} problems")
    return figures


def _read(path: Path) -> str:
    """Run queries with pauses, as a dashboard does. The results must belong to one generation. Returns its id."""
    with duckdb.connect(str(path), read_only=True) as connection:

        def ask(query: str) -> object:
            time.sleep(_PAUSE_SECONDS)
            row = connection.execute(query).fetchone()
            return row[0] if row else None

        generation = str(ask("select generation_id from audit.generation"))
        orders = ask("select count(*) from marts.orders")
        by_day = ask("select sum(orders) from marts.kpi_daily")
        by_customer = ask("select sum(orders) from marts.customers")
        again = ask("select generation_id from audit.generation")
    manifest = (path.parent / "generations" / generation / "generation.json").read_text(encoding="utf-8")
    assert again == generation, f"started with {generation} and ended with {again}"
    assert orders == by_day == by_customer, f"{generation}: {orders} orders, {by_day} by day, {by_customer} by customer"
    assert f'"marts.orders": {orders}' in manifest, f"{generation} was published with other orders than {orders}"
    return generation
