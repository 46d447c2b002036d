"""Writes raw tables in a stream, as CSV files or folders of Parquet parts. Every column is text."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shopper.generate.blocks import (
    ID_COLUMNS,
    Cells,
    Templates,
    block_rows,
    fault_rows,
    is_shared,
    prefix_of,
    shared_rows,
)

_ROW_GROUP: Final = 250_000
_PART_ROWS: Final = 5_000_000


def write_csv(templates: Templates, out: Path, blocks: int) -> None:
    """Write `raw_<table>.csv` with a header; line feeds, quotes only where needed, empty fields for null."""
    for table, columns in templates.columns.items():
        with (out / f"raw_{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for rows in _all_rows(templates, table, blocks):
                writer.writerows(rows)


def _all_rows(templates: Templates, table: str, blocks: int) -> Iterator[Iterable[Cells]]:
    if is_shared(table):
        yield shared_rows(templates, table, blocks)
    else:
        yield block_rows(templates, table, 0)
    yield fault_rows(templates.columns, table)
    if not is_shared(table):
        for block in range(1, blocks):
            yield block_rows(templates, table, block)


def write_parquet(templates: Templates, out: Path, blocks: int) -> None:
    """Write `raw_<table>/part-00000.parquet` and so on, up to 5 million rows each, in row groups of about 250,000."""
    for table in templates.columns:
        with _parts(out / f"raw_{table}", templates.columns[table]) as parts:
            if is_shared(table):
                parts.add(_arrow(list(shared_rows(templates, table, blocks)), templates.columns[table]))
                parts.add(_arrow(fault_rows(templates.columns, table), templates.columns[table]))
                continue
            built = [_arrow(template.cells[table], templates.columns[table]) for template in templates.built]
            parts.add(built[0])
            parts.add(_arrow(fault_rows(templates.columns, table), templates.columns[table]))
            for block in range(1, blocks):
                parts.add(_with_prefix(built[block % len(built)], ID_COLUMNS[table], prefix_of(block)))


def _arrow(rows: list[Cells], columns: tuple[str, ...]) -> pa.Table:
    cells: list[Any] = [[row[place] for row in rows] for place in range(len(columns))]
    return pa.table([pa.array(values, pa.string()) for values in cells], names=list(columns))


def _with_prefix(rows: pa.Table, columns: tuple[str, ...], prefix: str) -> pa.Table:
    for column in columns:
        joined = pc.binary_join_element_wise(pa.scalar(prefix), rows[column], "")
        rows = rows.set_column(rows.schema.get_field_index(column), column, joined)
    return rows


class _Parts:
    """A folder of Parquet files, filled table by table. Keeps at most one row group in memory."""

    def __init__(self, folder: Path, columns: tuple[str, ...]) -> None:
        self.folder = folder
        self.schema = pa.schema([(column, pa.string()) for column in columns])
        self.waiting: list[pa.Table] = []
        self.waiting_rows = 0
        self.part_rows = 0
        self.part = -1
        self.writer: pq.ParquetWriter | None = None

    def add(self, rows: pa.Table) -> None:
        self.waiting.append(rows)
        self.waiting_rows += rows.num_rows
        if self.waiting_rows >= _ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        if self.writer is None or self.part_rows >= _PART_ROWS:
            self.close()
            self.part += 1
            self.part_rows = 0
            self.writer = pq.ParquetWriter(
                self.folder / f"part-{self.part:05d}.parquet", self.schema, compression="zstd"
            )
        self.writer.write_table(pa.concat_tables(self.waiting), row_group_size=_ROW_GROUP)
        self.part_rows += self.waiting_rows
        self.waiting, self.waiting_rows = [], 0

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


@contextmanager
def _parts(folder: Path, columns: tuple[str, ...]) -> Iterator[_Parts]:
    """An empty folder; files of an earlier run are removed."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    parts = _Parts(folder, columns)
    try:
        yield parts
        if parts.waiting or parts.part < 0:
            parts.flush()
    finally:
        parts.close()
