"""How both sides of computations are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from shopper.bench.beside.sides import Side


def sides_table(sides: Sequence[Side], title: str = "beside other packages") -> Table:
    """One row per side, with its cost and the figures of its result."""
    table = Table("", "by", "processor seconds", "seconds", "peak MB", "result", title=title)
    for side in sides:
        cost = ["", "", ""]
        if side.cost:
            cost = [f"{side.cost.cpu_seconds:.2f}", f"{side.cost.seconds:.2f}", f"{side.cost.peak_megabytes:,.0f}"]
        table.add_row(side.what, side.who, *cost, side.error or _shown(side.figures))
    return table


def _shown(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:,.10g}" for name, value in figures.items())
