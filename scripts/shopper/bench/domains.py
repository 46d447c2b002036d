"""Build time of every mart of some domains at growing sizes of the shop, to check that it grows linearly.

For each number of events: raw tables are generated and landed, and the marts of the domains are built by dbt with all
upstream models, without tests. The result has the seconds of each model and of the complete build, by size. Times
depend on the machine and its load; the ratios between sizes hardly do.
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
    """One size: number of events, wall-clock seconds of the build, and seconds by model in build order."""

    events: int
    build_seconds: float
    model_seconds: dict[str, float]


def time_domains(events: Sequence[int], domains: Sequence[str], folder: Path | None = None) -> list[Timed]:
    """One timing per number of events, ascending. DuckDB's memory is limited to MEMORY_LIMIT.

    domains: folders of models/marts. folder: for the temporary data, about 100 bytes per event; None for a temporary
    folder. Raises BadInput for an unknown domain.
    """
    for domain in domains:
        if not (PROJECT / "models" / "marts" / domain).is_dir():
            raise BadInput(f"bench: no domain {domain!r} in models/marts")
    os.environ.setdefault("SHOPPER_MEMORY_LIMIT", MEMORY_LIMIT)
    timings = []
    for number in sorted(events):
        place = Path(tempfile.mkdtemp(prefix="shopper_bench_", dir=folder))
        os.environ["SHOPPER_TEMP"] = str(place / "spill")
        try:
            timings.append(_time_size(number, domains, place))
        finally:
            shutil.rmtree(place)
    return timings


def marts_of(domain: str) -> list[str]:
    """Names of the marts of a domain."""
    return sorted(path.stem for path in (PROJECT / "models" / "marts" / domain).glob("*.sql"))


def _time_size(events: int, domains: Sequence[str], place: Path) -> Timed:
    made = generate(place / "raw", events=events, format="parquet")
    warehouse, target = place / "bench.duckdb", place / "target"
    _land(place / "raw", warehouse)
    run_dbt(["seed", "--select", "path:seeds/reference"], variables=VARIABLES, warehouse=warehouse, target=target)
    selected = [f"+path:models/marts/{domain}" for domain in domains]
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
    """Load the generated Parquet files into tables of the schema raw."""
    with duckdb.connect(str(warehouse), config={"preserve_insertion_order": False}) as connection:
        connection.execute("create schema raw")
        for table in load_contract(PROJECT).tables:
            files = raw / f"raw_{table.name}"
            if files.is_dir():
                connection.execute(f"create table raw.{table.name} as select * from read_parquet('{files}/*.parquet')")
                shutil.rmtree(files)
