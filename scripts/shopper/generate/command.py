"""The command `shopper generate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shopper.generate import SEED, generate
from shopper.project import project_root


class FileFormat(StrEnum):
    """File format of the raw tables."""

    csv = "csv"
    parquet = "parquet"


def generate_command(
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write to. Default: the sample seeds (seeds/raw).", file_okay=False),
    ] = None,
    events: Annotated[
        int | None, typer.Option(help="Least number of events; determines the number of blocks.", min=1)
    ] = None,
    blocks: Annotated[int, typer.Option(help="Number of blocks of customers; 1 is the sample.", min=1)] = 1,
    format: Annotated[FileFormat, typer.Option(help="csv or parquet.")] = FileFormat.csv,
    seed: Annotated[int, typer.Option(help="Random seed. Another seed is another shop with the same truths.")] = SEED,
) -> None:
    """Write the sample shop, or a shop of many blocks of its size, with planted truths and faults."""
    if out is None and (events is not None or blocks > 1 or format is FileFormat.parquet):
        raise typer.BadParameter("give a folder with --out: seeds/raw is only for the sample")
    folder = out or project_root() / "seeds" / "raw"
    written = generate(folder, events=events, blocks=blocks, format=format.value, seed=seed)
    typer.echo(f"{written['events']:,} events in {written['blocks']:,} blocks written to {folder}")
