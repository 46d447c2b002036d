"""Exports of a ready source that overlap: what two files hold counts once, as in the later or newer one."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from source_checks import build, checks_of, differences, expected_rows, landed_rows, ready_sources

from replay import Replay
from running import ROOT
from shopper.contract import load_contract
from shopper.load.headers import header_of
from shopper.load.mapping import read_mapping
from shopper.load.named_columns import plain_name
from shopper.load.sources import FileSource, files_of
from shopper.load.text_files import open_text

OTHER_DIGITS: Final = str.maketrans("0123456789", "1234567890")
# Files whose rows can't be known by a key: which columns of the earlier file may differ. What has no key and is not
# here comes as the same rows in a file of another content.
RESTATED: Final[dict[str, Sequence[str]]] = {
    "shopify_orders_file": ("Subtotal", "Total", "Taxes", "Lineitem price", "Lineitem quantity", "Refunded Amount"),
}
# The newest moment of a row decides before the name of its file; a moment that decides is not changed.
STAYS: Final = ("updated_at", "_airbyte_extracted_at", "last-updated-date", "last_updated_date")


def _earlier(value: Any, is_restated: bool) -> Any:
    """The value as an earlier file has it: other digits where it is restated later."""
    if isinstance(value, str) and is_restated:
        return value.translate(OTHER_DIGITS)
    return value


def _is_restated(source: FileSource) -> Callable[[str], bool]:
    if source.key is None:
        changed = {plain_name(column) for column in RESTATED.get(source.name, ())}
        return lambda column: plain_name(column) in changed
    kept = {plain_name(column) for column in (*source.key.all, *STAYS, *dict(source.columns.types))}
    return lambda column: plain_name(column) not in kept


def _write_earlier(source: FileSource, path: Path, earlier: Path) -> None:
    """Write what a file holds as an earlier export had it: other numbers, and lines in another order or number."""
    is_restated = _is_restated(source)
    if source.format == "jsonl":
        with open_text(source, path, newline=None) as lines:
            records = [json.loads(line) for line in lines if line.strip()]
        text = "".join(
            json.dumps({key: _earlier(value, is_restated(key)) for key, value in record.items()}) + "\n"
            for record in records
        )
        earlier.write_text(text + "\n", encoding="utf-8")
        return
    header = header_of(source, path)
    options: dict[str, Any] = {"delimiter": source.delimiter}
    options |= {"quotechar": source.quote} if source.quote else {"quoting": csv.QUOTE_NONE, "quotechar": None}
    with open_text(source, path, newline="") as lines:
        above = [next(lines) for _ in range(header.skipped)]
        first, *rows = csv.reader(lines, **options)
    with earlier.open("w", encoding=source.encoding, newline="") as out:
        out.writelines(above)
        writer = csv.writer(out, lineterminator="\r\n", **options)
        writer.writerow(first)
        writer.writerows(
            [_earlier(cell, is_restated(name)) for name, cell in zip(header.names, row, strict=False)] for row in rows
        )


def _with_earlier_files(source: Path, folder: Path) -> Path:
    """A copy of a ready source whose files, but Parquet, all have an earlier file beside them. Returns the mapping."""
    shutil.copytree(source, folder)
    path = folder / "mapping.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, stored in read_mapping(path, load_contract(ROOT)).sources.items():
        if not isinstance(stored, FileSource) or stored.format == "parquet":
            continue
        files = files_of(stored, folder)
        names = []
        for number, file in enumerate(files):
            earlier = file.with_name(f"0-{name}-{number}{file.suffix}")
            _write_earlier(stored, file, earlier)
            names += [earlier.name, file.name]
        place = files[0].parent.relative_to(folder)
        document["sources"][name] |= {"path": f"{place}/{{{','.join(names)}}}", "format": stored.format}
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("source", [pytest.param(path, id=path.name) for path in ready_sources()])
def test_what_a_later_file_states_again_counts_once(source: Path, replay: Replay, tmp_path: Path) -> None:
    """Rows that land as those of the example alone have its values, which test_sources compares; others are built."""
    mapping = _with_earlier_files(source, tmp_path / source.name)
    if landed_rows(mapping, tmp_path / "shop.duckdb") == expected_rows(source):
        return
    checks = checks_of(source)
    with build(replay, tmp_path / "shop.duckdb", checks) as connection:
        found = differences(connection, checks)
    assert not found, "\n".join(found)
