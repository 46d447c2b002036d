"""`shopper bench`: options to timings, shown as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.rooms import Timed, marts_of, time_rooms

_LISTED = 15


def bench_command(
    events: Annotated[list[int] | None, typer.Option(help="Number of events; name several to compare.", min=1)] = None,
    rooms: Annotated[list[str] | None, typer.Option("--room", help="Folder of models/marts; name several.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where to put the data meanwhile.", exists=True, file_okay=False)
    ] = None,
) -> None:
    """Time the marts of some rooms at several sizes of the shop (conversion and channels, 1 million events)."""
    chosen = rooms or ["conversion", "channels"]
    timings = time_rooms(events or [1_000_000], chosen, folder)
    marts = [mart for room in chosen for mart in marts_of(room)]
    console = Console(width=100)
    console.print(_table("marts", marts, timings))
    largest = timings[-1].model_seconds
    slowest = sorted(set(largest) - set(marts), key=lambda model: -largest[model])[:_LISTED]
    console.print(_table("what they need: the slowest", slowest, timings))


def _table(title: str, models: list[str], timings: list[Timed]) -> Table:
    """Seconds of models by size, the ratio of the last size to the first, and the whole build."""
    table = Table("seconds", *(f"{one.events:,} events" for one in timings), "ratio", title=title)
    for model in models:
        seconds = [one.model_seconds[model] for one in timings]
        table.add_row(model, *(f"{value:.2f}" for value in seconds), f"{seconds[-1] / seconds[0]:.1f}")
    builds = [one.build_seconds for one in timings]
    table.add_section()
    table.add_row("whole build", *(f"{value:.1f}" for value in builds), f"{builds[-1] / builds[0]:.1f}")
    return table
