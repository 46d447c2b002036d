"""The sample shop: data with planted truths and faults, at any size. The same command writes the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from shopper.contract import load_contract
from shopper.errors import BadInput
from shopper.generate.blocks import TEMPLATES, make_templates
from shopper.generate.writer import write_csv, write_parquet
from shopper.project import project_root

SEED: Final = 20240101
Format = Literal["csv", "parquet"]


def generate(
    out: Path, *, events: int | None = None, blocks: int = 1, format: Format = "csv", seed: int = SEED
) -> dict[str, int]:
    """Write all raw tables into the folder `out`, block by block of customers, in bounded memory.

    events: least number of events; determines the number of blocks (a block has about 30,000).
    blocks: number of blocks, each with 400 customers in the RFM window, if `events` is not given; 1 is the sample.
    format: `csv` (files `raw_<table>.csv`) or `parquet` (folders `raw_<table>/`).

    Returns the numbers of blocks and events written, as `blocks` and `events` (without faults).
    Raises BadInput for numbers below 1 or an unknown format.
    """
    if format not in ("csv", "parquet"):
        raise BadInput(f"generate: format is {format!r}; expected csv or parquet")
    if blocks < 1 or (events is not None and events < 1):
        raise BadInput(f"generate: blocks is {blocks} and events is {events}; expected whole numbers from 1")
    columns = {
        table.name: tuple(column.name for column in table.columns) for table in load_contract(project_root()).tables
    }
    templates = make_templates(seed, columns, TEMPLATES if events is not None else blocks)
    if events is not None:
        blocks = templates.blocks_for(events)
    out.mkdir(parents=True, exist_ok=True)
    write = write_csv if format == "csv" else write_parquet
    write(templates, out, blocks)
    return {"blocks": blocks, "events": templates.events(blocks)}
