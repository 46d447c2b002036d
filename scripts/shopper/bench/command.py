"""The command `shopper bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.beside.table import sides_table
from shopper.bench.domains import Timed, all_domains, marts_of, time_domains
from shopper.bench.measured import Measured

_LISTED = 15


def bench_command(
    events: Annotated[
        list[int] | None, typer.Option(help="Number of events; can be repeated to compare sizes.", min=1)
    ] = None,
    domains: Annotated[
        list[str] | None, typer.Option("--domain", help="Folder of models/marts; can be repeated.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder for the temporary data.", exists=True, file_okay=False)
    ] = None,
    beside: Annotated[
        str | None, typer.Option(help="Python of an environment with the packages to compare with (make compare).")
    ] = None,
) -> None:
    """Cost of building marts by size of the shop, beside the floor. Default: all marts, 1 million events."""
    chosen = domains or all_domains()
    timings = time_domains(events or [1_000_000], chosen, folder, beside)
    marts = [mart for domain in chosen for mart in marts_of(domain)]
    console = Console(width=100)
    for timed in timings:
        console.print(_costs(timed))
        if timed.beside:
            console.print(sides_table(timed.beside, f"{timed.events:,} events, beside other packages"))
    console.print(_table("marts", marts, timings))
    largest = timings[-1].model_seconds
    slowest = sorted(set(largest) - set(marts), key=lambda model: -largest[model])[:_LISTED]
    console.print(_table("slowest models upstream", slowest, timings))
    console.print(_day(timings[-1]))


def _table(title: str, models: list[str], timings: list[Timed]) -> Table:
    """Seconds of models by size, the ratio of the last size to the first, and the complete build."""
    table = Table("seconds", *(f"{one.events:,} events" for one in timings), "ratio", title=title)
    for model in models:
        seconds = [one.model_seconds[model] for one in timings]
        table.add_row(model, *(f"{value:.2f}" for value in seconds), f"{seconds[-1] / seconds[0]:.1f}")
    builds = [one.full.seconds for one in timings]
    table.add_section()
    table.add_row("whole build", *(f"{value:.1f}" for value in builds), f"{builds[-1] / builds[0]:.1f}")
    return table


def _day(timed: Timed) -> Table:
    """Models that take longest after a day of new events, at one size."""
    table = Table("seconds", "day", "full build", title=f"slowest models of the day, {timed.events:,} events")
    for model in sorted(timed.daily_seconds, key=lambda name: -timed.daily_seconds[name])[: 2 * _LISTED]:
        table.add_row(model, f"{timed.daily_seconds[model]:.2f}", f"{timed.model_seconds[model]:.2f}")
    table.add_section()
    table.add_row("all models", *(f"{sum(one.values()):.1f}" for one in (timed.daily_seconds, timed.model_seconds)))
    return table


def _costs(timed: Timed) -> Table:
    """Builds of one size beside the floor, and the size of the file."""
    files = {"file": timed.file_bytes, "after the day": timed.daily_bytes, "marts alone": timed.mart_bytes}
    sizes = ", ".join(f"{name} {_of_raw(size, timed)}" for name, size in files.items())
    title = f"{timed.events:,} events, {sizes}"
    table = Table("", "seconds", "x floor", "processor seconds", "x floor", "of full", "peak MB", title=title)
    costs = {
        "full build": timed.full, "nothing new": timed.idle, "spend changed": timed.changed,
        f"{timed.new_events:,} new events": timed.daily,
        "run: tests, publication": timed.published, "run, nothing new": timed.unchanged, "floor": timed.floor,
    }  # fmt: skip
    for name, cost in costs.items():
        share = f"{cost.cpu_seconds / timed.full.cpu_seconds:.1%}"
        table.add_row(name, *_beside(cost, timed.floor), share, f"{cost.peak_megabytes:,.0f}")
    return table


def _beside(cost: Measured, floor: Measured) -> list[str]:
    pairs = ((cost.seconds, floor.seconds), (cost.cpu_seconds, floor.cpu_seconds))
    return [text for value, least in pairs for text in (f"{value:.1f}", f"{value / least:.1f}")]


def _of_raw(size: int, timed: Timed) -> str:
    return f"{size / 1e6:,.0f} MB ({size / timed.raw_bytes:.1f} x raw)"
