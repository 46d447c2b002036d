"""`python -m shopper.bench.endurance.soak --nights 365`: many nights of one small shop, one after another.

Every night a day of orders arrives, some of them late; amounts of earlier orders are corrected. On some nights the run
is killed and started again, or fails on a faulty delivery first, or a customer is erased. Nothing may grow but the
data, and the last night must equal a shop that was loaded once. Exit code 1 if it does not.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Final

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.endurance.processes import Call, Processes
from shopper.bench.endurance.published import differing, read_whole
from shopper.bench.endurance.small_project import small_project, write_config
from shopper.change_log import is_of_change_log
from shopper.project import project_root
from shopper.sql import literal

_PER_DAY: Final = 100
_BEFORE: Final = 60


@dataclass(frozen=True)
class Night:
    """What was measured after a night. beside: bytes and files beside the warehouse file in its folder. landing: rows
    of the schema `landing` without the change log. change_log: rows of the change log without the mark, which has one
    for each raw row. ledger: rows of the ledger.
    """

    seconds: float
    raw: int
    warehouse_bytes: int
    published_bytes: int
    beside_bytes: int
    beside_files: int
    generations: int
    landing: int
    change_log: int
    ledger: int


class SoakedShop:
    """A shop of the small project, with a new delivery every night."""

    def __init__(self, root: Path, place: Path) -> None:
        self._place, self._processes = place, Processes(place)
        self._environment = {"SHOPPER_PROJECT": str(small_project(root, place / "project"))}
        self._folder = place / "shop"
        self._folder.mkdir()
        self._orders = self._folder / "orders.parquet"
        self._config = write_config(self._folder, self._orders)
        self._forgotten: list[str] = []

    def night(self, number: int, chance: random.Random) -> Night:
        """One night: a delivery, sometimes an accident, a run. Raises AssertionError if the run fails."""
        if number % 13 == 5:
            self._deliver(number, "select 'o1' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at")
            assert self._call("run", self._config).process.exitcode == 1, "a duplicate order was published"
        self._deliver(number)
        if number % 7 == 3:
            killed = self._processes.start(["run", self._config], self._environment)
            killed.wait_for(f"{chance.choice(['load', 'build', 'publish'])}: started")
            time.sleep(chance.random() * 0.2)
            killed.kill()
        if number % 17 == 11:
            self._forgotten.append(f"c{number}")
            erasure = ("forget", self._forgotten[-1], "--config", self._config, "--yes")
            if self._call(*erasure).process.exitcode != 0:
                # The faulty delivery of this night is still in raw: corrected, then erased again, as the message says.
                assert number % 13 == 5, "the customer was not erased"
                self._must("run", self._config)
                self._must(*erasure)
        started = time.monotonic()
        self._must("run", self._config)
        return self._measured(time.monotonic() - started)

    def differences_from_one_load(self, number: int) -> list[str]:
        """Tables that differ from those of a shop that was loaded once, without the erased customers."""
        once = self._place / "once"
        once.mkdir()
        kept = "customer_id not in ({})".format(", ".join(map(literal, [*self._forgotten, ""])))
        self._write(once / "orders.parquet", f"from ({self._query(number)}) where {kept}")
        self._must("run", write_config(once, once / "orders.parquet"))
        read_whole(self._folder / "published")
        return differing(self._folder / "published/shop.duckdb", once / "published/shop.duckdb")

    def _call(self, *arguments: object) -> Call:
        return self._processes.run(*arguments, environment=self._environment)

    def _must(self, *arguments: object) -> None:
        call = self._call(*arguments)
        assert call.process.exitcode == 0, call.output

    def _deliver(self, night: int, more: str = "") -> None:
        self._write(self._orders, self._query(night) + (f" union all by name {more}" if more else ""))

    @staticmethod
    def _query(night: int) -> str:
        """The orders of all days so far. Every 31st is a day late; every 50th has another amount every week."""
        rows = (_BEFORE + night) * _PER_DAY
        return f"""
            select
                'o' || range as order_id,
                'c' || (range * 7919 % 5003) as customer_id,
                strftime(timestamp '2024-01-01' + interval (range * 86400 // {_PER_DAY}) second, '%Y-%m-%dT%H:%M:%SZ')
                    as ordered_at,
                (range * 31 % 9973 + if(range % 50 = 0, {night // 7}, 0)) || '.50' as total_amount,
                'paid' as status
            from range({rows})
            where range % 31 <> 0 or range < {rows - _PER_DAY}
        """

    @staticmethod
    def _write(file: Path, query: str) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"copy ({query}) to {literal(str(file))} (format parquet)")

    def _measured(self, seconds: float) -> Night:
        """The measures of a night. Raises AssertionError if the ledger does not account for every raw row."""
        warehouse, published = self._folder / "warehouse", self._folder / "published"
        file = warehouse / "shop.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'landing'")
            rows = {name: _count(connection, f"from landing.{name}") for (name,) in tables.fetchall()}
            raw = _count(connection, "from raw.orders")
            told = connection.execute("select sum(rows_in), sum(staged) from audit.row_ledger").fetchone()
            ledger = _count(connection, "from audit.row_ledger")
        assert told == (raw, raw), f"the ledger tells {told} of {raw} rows"
        change_log = {name: number for name, number in rows.items() if is_of_change_log("landing", name)}
        beside = [path for path in _files(warehouse) if path != file]
        return Night(
            seconds=seconds,
            raw=raw,
            warehouse_bytes=file.stat().st_size,
            published_bytes=_bytes(_files(published)),
            beside_bytes=_bytes(beside),
            beside_files=len(beside),
            generations=len([path for path in (published / "generations").iterdir() if path.is_dir()]),
            landing=sum(rows.values()) - sum(change_log.values()),
            change_log=sum(number for name, number in change_log.items() if not name.startswith("marked_")),
            ledger=ledger,
        )


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    (number,) = connection.execute(f"select count(*) {rows}").fetchall()[0]
    return int(number)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _bytes(files: list[Path]) -> int:
    return sum(path.stat().st_size for path in files)


def _table(nights: list[Night]) -> Table:
    """Medians of the first and the last quarter of the nights."""
    size = max(len(nights) // 4, 1)
    table = Table("median of a night", f"first {size}", f"last {size}", title=f"{len(nights)} nights")
    for name in (field.name for field in fields(Night)):
        unit = 1e6 if name.endswith("_bytes") else 1
        parts = [
            statistics.median(getattr(one, name) for one in part) / unit for part in (nights[:size], nights[-size:])
        ]
        table.add_row(name.replace("_bytes", ", MB"), *(f"{value:,.2f}" for value in parts))
    return table


def main(
    nights: Annotated[int, typer.Option(help="Number of nights.", min=1)] = 365,
    seed: Annotated[int, typer.Option(help="Random seed of the moments of kills.")] = 1,
) -> None:
    """Run a small shop night after night, and report what grew."""
    place, chance, console = Path(tempfile.mkdtemp(prefix="shopper_soak_")), random.Random(seed), Console()
    try:
        shop = SoakedShop(project_root(), place)
        measured = [shop.night(number, chance) for number in range(nights)]
        console.print(_table(measured))
        differences = shop.differences_from_one_load(nights - 1)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    console.print("\n".join(differences) or "the last night equals a shop that was loaded once")
    raise SystemExit(1 if differences else 0)


if __name__ == "__main__":
    typer.run(main)
