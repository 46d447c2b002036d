"""`shopper generate`: options to a call of `generate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shopper.generate import SEED, generate
from shopper.project import project_root


class FileFormat(StrEnum):
    """How raw tables are written."""

    csv = "csv"
    parquet = "parquet"


def generate_command(
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write to; the sample seeds (seeds/raw) when left out.", file_okay=False),
    ] = None,
    events: Annotated[
        int | None, typer.Option(help="At least so many events; decides the number of blocks.", min=1)
    ] = None,
    blocks: Annotated[int, typer.Option(help="Blocks of customers; 1 is the sample.", min=1)] = 1,
    format: Annotated[FileFormat, typer.Option(help="csv or parquet.")] = FileFormat.csv,
    seed: Annotated[int, typer.Option(help="Another seed is another shop with the same truths.")] = SEED,
) -> None:
    """Write the sample shop, or any number of copies of its size, with planted truths and faults."""
    if out is None and (events is not None or blocks > 1 or format is FileFormat.parquet):
        raise typer.BadParameter("name a folder with --out: seeds/raw holds the sample only")
    folder = out or project_root() / "seeds" / "raw"
    written = generate(folder, events=events, blocks=blocks, format=format.value, seed=seed)
    typer.echo(f"{written['events']:,} events in {written['blocks']:,} blocks written to {folder}")
