"""Time of every mart of some rooms as the shop grows, to see that cost grows with the work.

For each number of events: raw tables made by the generator, landed as they are, and the rooms' marts built by dbt with
all that they need, without tests. A mart's own seconds, and those of the whole build, stand side by side for all sizes.
What is measured depends on the machine and on what else runs there; the ratios between sizes hardly do.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from shopper.contract import load_contract
from shopper.dbt import PROJECT, run_dbt
from shopper.errors import BadInput
from shopper.generate import generate

VARIABLES: Final = {"raw_data": "source"}
MEMORY_LIMIT: Final = "8GB"
_WITHOUT_TESTS: Final = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Timed:
    """One size: events made, wall-clock seconds of the build, and of each model by name, in the order of the build."""

    events: int
    build_seconds: float
    model_seconds: dict[str, float]


def time_rooms(events: Sequence[int], rooms: Sequence[str], folder: Path | None = None) -> list[Timed]:
    """One timing per number of events, ascending, with at most MEMORY_LIMIT of memory for the engine.

    `rooms` are folders of models/marts. `folder` takes the data, about 100 bytes an event, and is emptied of it again;
    a temporary one when None. Raises BadInput for a room that is not there.
    """
    for room in rooms:
        if not (PROJECT / "models" / "marts" / room).is_dir():
            raise BadInput(f"bench: no room {room!r} in models/marts")
    os.environ.setdefault("SHOPPER_MEMORY_LIMIT", MEMORY_LIMIT)
    timings = []
    for number in sorted(events):
        place = Path(tempfile.mkdtemp(prefix="shopper_bench_", dir=folder))
        os.environ["SHOPPER_TEMP"] = str(place / "spill")
        try:
            timings.append(_time_size(number, rooms, place))
        finally:
            shutil.rmtree(place)
    return timings


def marts_of(room: str) -> list[str]:
    """Names of a room's marts."""
    return sorted(path.stem for path in (PROJECT / "models" / "marts" / room).glob("*.sql"))


def _time_size(events: int, rooms: Sequence[str], place: Path) -> Timed:
    made = generate(place / "raw", events=events, format="parquet")
    warehouse, target = place / "bench.duckdb", place / "target"
    _land(place / "raw", warehouse)
    run_dbt(["seed", "--select", "path:seeds/reference"], variables=VARIABLES, warehouse=warehouse, target=target)
    selected = [f"+path:models/marts/{room}" for room in rooms]
    started = time.perf_counter()
    run_dbt(
        ["build", *_WITHOUT_TESTS, "--exclude-resource-type", "seed", "--select", *selected],
        variables=VARIABLES, warehouse=warehouse, target=target,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    results = json.loads((target / "run_results.json").read_text())["results"]
    models = [row for row in results if row["unique_id"].startswith("model.")]
    by_model = {row["unique_id"].split(".")[2]: row["execution_time"] for row in models}
    return Timed(made["events"], seconds, by_model)


def _land(raw: Path, warehouse: Path) -> None:
    """The generated Parquet files as tables of the schema raw."""
    with duckdb.connect(str(warehouse), config={"preserve_insertion_order": False}) as connection:
        connection.execute("create schema raw")
        for table in load_contract(PROJECT).tables:
            files = raw / f"raw_{table.name}"
            if files.is_dir():
                connection.execute(f"create table raw.{table.name} as select * from read_parquet('{files}/*.parquet')")
                shutil.rmtree(files)
