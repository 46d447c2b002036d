"""The command `shopper bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.domains import Timed, marts_of, time_domains

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
) -> None:
    """Time the marts of some domains by size of the shop. Default: conversion and channels, 1 million events."""
    chosen = domains or ["conversion", "channels"]
    timings = time_domains(events or [1_000_000], chosen, folder)
    marts = [mart for domain in chosen for mart in marts_of(domain)]
    console = Console(width=100)
    console.print(_table("marts", marts, timings))
    largest = timings[-1].model_seconds
    slowest = sorted(set(largest) - set(marts), key=lambda model: -largest[model])[:_LISTED]
    console.print(_table("slowest models upstream", slowest, timings))


def _table(title: str, models: list[str], timings: list[Timed]) -> Table:
    """Seconds of models by size, the ratio of the last size to the first, and the complete build."""
    table = Table("seconds", *(f"{one.events:,} events" for one in timings), "ratio", title=title)
    for model in models:
        seconds = [one.model_seconds[model] for one in timings]
        table.add_row(model, *(f"{value:.2f}" for value in seconds), f"{seconds[-1] / seconds[0]:.1f}")
    builds = [one.build_seconds for one in timings]
    table.add_section()
    table.add_row("whole build", *(f"{value:.1f}" for value in builds), f"{builds[-1] / builds[0]:.1f}")
    return table
