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
        Path | None, typer.Option(help="Folder of the files. Default: exports/ in the published folder.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="Filter: SQL condition on the columns of the mart.", metavar="SQL")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration of `shopper run`.", metavar="FILE")] = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Write lists of published customers as CSV and Parquet. CSV text is escaped so that it can't act as a formula.

    Exit codes: 0 written; 1 the folder could not be written; 2 nothing is published, no such audience, or an invalid
    condition.
    """
    from rich.console import Console

    from shopper.errors import BadInput
    from shopper.export.exporting import Export, audiences, export
    from shopper.run.config import default_config, read_config

    chosen = read_config(config, project) if config else default_config(project)
    wanted = names or list(audiences())
    if where and len(wanted) != 1:
        raise BadInput("--where needs exactly one audience")
    folder = (to or chosen.publish / "exports").absolute()
    requested = [Export(name, str(folder), where) for name in wanted]
    console = Console()
    for one in export(chosen.publish, chosen.warehouse.stem, requested):
        line = f"{one.export.audience}: {one.rows:,} rows of generation {one.generation} in {one.files[0]} and .parquet"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
