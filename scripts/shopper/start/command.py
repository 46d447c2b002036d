"""The command `shopper start`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.init.options import Count, PricesIncludeTax


def start_command(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with what the shop's tools export.", metavar="[FOLDER]")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="The shop's time zone, such as Europe/Paris.")] = None,
    currency: Annotated[str | None, typer.Option(help="The shop's currency, such as EUR.")] = None,
    prices_include_tax: PricesIncludeTax = None,
    count: Count = None,
    to: Annotated[
        Path, typer.Option(help="Where mapping, configuration, warehouse and published files are kept.", metavar="DIR")
    ] = Path("my_shop"),
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Map, check, load, build, test and publish a folder of exports, then show what was found.

    Asks for what is not given. A second start goes on with what is in DIR: mapping and configuration are yours to edit.
    Exit codes: those of `shopper run`; 2 also if something must be asked and there is no terminal.
    """
    from rich.console import Console

    from shopper.init.yielding import counted_of
    from shopper.progress import progress_for
    from shopper.project import project_root
    from shopper.start.asking import ask_for
    from shopper.start.places import Place
    from shopper.start.starting import start

    root = project_root(project)
    place = Place(to.absolute())
    answers = ask_for(
        place, root, folder=folder, timezone=timezone, currency=currency, taxed=prices_include_tax,
        counted=counted_of(count or []),
    )  # fmt: skip
    console = Console()
    raise typer.Exit(start(place, answers, root, progress_for(console), console))
