"""`python -m shopper.bench.beside WAREHOUSE`: what a built warehouse's computations cost beside those of packages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shopper.bench.beside.sides import COMPARISONS, both_sides
from shopper.bench.beside.table import sides_table


def main(
    warehouse: Annotated[Path, typer.Argument(help="A built warehouse.", exists=True, dir_okay=False)],
    python: Annotated[
        str, typer.Option(help="Python of an environment with the packages (make compare).")
    ] = sys.executable,
    only: Annotated[list[str] | None, typer.Option(help=f"Of {', '.join(COMPARISONS)}; can be repeated.")] = None,
) -> None:
    """Compute again what the packages compute, one after the other, and print what each side takes and finds."""
    sides = [side for name in only or COMPARISONS for side in both_sides(name, warehouse.resolve(), python)]
    Console(width=120).print(sides_table(sides))


if __name__ == "__main__":
    typer.run(main)
