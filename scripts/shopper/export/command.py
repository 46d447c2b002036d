"""The command `shopper export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[AUDIENCE]...", help="winback, tags, recommendations. Default: all.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder of the files. Default: exports/ in the published folder.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="Which rows: SQL over the columns of the list's mart.", metavar="SQL")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration of `shopper run`.", metavar="FILE")] = None,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Write lists of customers as CSV and Parquet from what is published; text in CSV can't act as a formula."""
    from rich.console import Console

    from shopper.errors import BadInput
    from shopper.export.exporting import Export, audiences, export
    from shopper.run.config import default_config, read_config

    chosen = read_config(config, project) if config else default_config(project)
    wanted = names or list(audiences())
    if where and len(wanted) != 1:
        raise BadInput("--where is about one list; name its audience")
    folder = (to or chosen.publish / "exports").absolute()
    asked = [Export(name, str(folder), where) for name in wanted]
    console = Console()
    for one in export(chosen.publish, chosen.warehouse.stem, asked):
        said = f"{one.export.audience}: {one.rows:,} rows of generation {one.generation} in {one.files[0]} and .parquet"
        console.print(said, markup=False, highlight=False, soft_wrap=True)
