"""How long a load takes where one of many files changed: `python -m shopper.bench.appending [files] [rows of each]`.

Loads synthetic orders into a temporary warehouse and prints seconds and processor seconds of each load. All but the
first compare the keys with those of a successful run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.change_log import ChangeLog
from shopper.contract import load_contract
from shopper.load.landing import load
from shopper.load.mapping import read_mapping
from shopper.project import project_root

_MAPPING: Final = "{sources: {shop: {path: 'orders-*.csv'}}, tables: {orders: {source: shop}}}"


def measured(files: int, rows: int) -> Iterator[tuple[str, float, float, int]]:
    """What was loaded, seconds, processor seconds and rows written, one load after the other."""
    root = project_root()
    contract = load_contract(root)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "mapping.yml").write_text(_MAPPING, encoding="utf-8")
        for number in range(files):
            _write(home, number, rows)

        def timed(what: str) -> tuple[str, float, float, int]:
            began, used = time.perf_counter(), time.process_time()
            mapping = read_mapping(home / "mapping.yml", contract)
            report = load(mapping, contract, root, home / "shop.duckdb")
            seconds, processor = time.perf_counter() - began, time.process_time() - used
            return what, seconds, processor, report.tables[0].landed_rows

        yield timed("all files")
        with duckdb.connect(str(home / "shop.duckdb")) as connection:
            ChangeLog(connection, "shop", root, CastRules(root)).move_mark(contract.tables)
        yield timed("nothing new")
        _write(home, files, rows)
        yield timed("one new file")
        _write(home, files // 2, rows + 1)
        yield timed("one changed file")
        (home / f"orders-{files // 3}.csv").unlink()
        yield timed("one removed file")
        for number in range(files):
            _write(home, number, rows + 2)
        yield timed("all files changed")


def _write(home: Path, number: int, rows: int) -> None:
    """Write a file of orders."""
    lines = (
        f"{number}-{row},c{(row * 7919 + number) % 50_000},2024-{row % 12 + 1:02}-{row % 28 + 1:02} 10:{row % 60:02}:00"
        f",paid,{row % 1000}.{row % 100:02}\n"
        for row in range(rows)
    )
    path = home / f"orders-{number}.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("order_id,customer_id,ordered_at,status,total_amount\n")
        out.writelines(lines)


def main() -> None:
    """Print a line for each load."""
    given = [int(argument) for argument in sys.argv[1:]]
    files, rows = given if len(given) == 2 else (100, 10_000)
    print(f"{files:,} files of {rows:,} rows: seconds, processor seconds, rows written")
    for what, seconds, processor, written in measured(files, rows):
        print(f"{what:<19}{seconds:>8.2f}{processor:>8.2f}{written:>12,}")


if __name__ == "__main__":
    main()
