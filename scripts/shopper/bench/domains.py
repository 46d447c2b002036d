"""Cost of a build at growing sizes of the shop, beside the floor, to check that it grows no faster than the data.

For each number of events: raw tables are generated and landed, and the marts of the domains are built by dbt with all
upstream models, without tests; then once more with nothing new, with one small raw table changed, and with a day of
1 % new events. `shopper run` then tests and publishes, and has nothing new to do. The floor is measured on the same
tables right after. Times depend on the machine and its load; the
ratios between sizes and to the floor hardly do.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import yaml

from shopper.bench.beside.sides import COMPARISONS, Side, both_sides
from shopper.bench.floor import read_and_write
from shopper.bench.measured import Measured, measured
from shopper.contract import load_contract
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt
from shopper.errors import BadInput
from shopper.generate import generate
from shopper.run import read_config, run

VARIABLES: Final = {"raw_data": "source"}
MEMORY_LIMIT: Final = "8GB"

_OTHER_SPEND: Final = """
    update raw.marketing_spend set spend = cast(cast(spend as decimal(18, 2)) + 1 as varchar)
    where spend_date = (select max(spend_date) from raw.marketing_spend)
"""

# The sessions of 1 % come again: a tenth of them at the beginning of the data, the others on the day after its end.
NEW_EVENTS: Final = """
    insert into raw.events by name
    select * replace (
        'new-' || event_id as event_id,
        'new-' || session_id as session_id,
        (
            select case when md5(session_id) < '0042' then first_date else as_of_date + 1 end
            from staging.stg_run_period
        ) || occurred_at[11:] as occurred_at
    )
    from raw.events
    where md5(session_id) < '028f' and occurred_at like '____-__-__T%'
"""


@dataclass(frozen=True)
class Timed:
    """One size: number of events; cost of a build, of one with nothing new, of one with other spend on the last day, of
    one after a day of `new_events`, of a run that tests and publishes, of one with nothing new, and of the floor; bytes
    of the raw tables alone, of the file after the build, after the day, and of the marts alone; seconds by model in
    build order, of the full build and of the day; and what packages take for the same.
    """

    events: int
    full: Measured
    idle: Measured
    changed: Measured
    daily: Measured
    published: Measured
    unchanged: Measured
    floor: Measured
    new_events: int
    raw_bytes: int
    file_bytes: int
    daily_bytes: int
    mart_bytes: int
    model_seconds: dict[str, float]
    daily_seconds: dict[str, float]
    beside: list[Side]


def time_domains(
    events: Sequence[int], domains: Sequence[str], folder: Path | None = None, beside: str | None = None
) -> list[Timed]:
    """One timing per number of events, ascending. DuckDB's memory is limited to MEMORY_LIMIT.

    domains: folders of models/marts. folder: for the temporary data, about 1,000 bytes per event; None for a temporary
    folder. beside: Python of an environment with the packages to compare with; None: no comparison. Raises BadInput for
    an unknown domain, and for a comparison without all domains.
    """
    for domain in domains:
        if not (PROJECT / "models" / "marts" / domain).is_dir():
            raise BadInput(f"bench: no domain {domain!r} in models/marts")
    if beside and {*domains} != {*all_domains()}:
        raise BadInput("bench: --beside needs all domains, so give no --domain")
    os.environ.setdefault("SHOPPER_MEMORY_LIMIT", MEMORY_LIMIT)
    timings = []
    for number in sorted(events):
        place = Path(tempfile.mkdtemp(prefix="shopper_bench_", dir=folder))
        os.environ["SHOPPER_TEMP"] = str(place / "spill")
        try:
            timings.append(_time_size(number, domains, place, beside))
        finally:
            shutil.rmtree(place)
    return timings


def all_domains() -> list[str]:
    """Names of the domains of marts."""
    return sorted(path.name for path in (PROJECT / "models" / "marts").iterdir() if path.is_dir())


def marts_of(domain: str) -> list[str]:
    """Names of the marts of a domain."""
    return sorted(path.stem for path in (PROJECT / "models" / "marts" / domain).glob("*.sql"))


def _time_size(events: int, domains: Sequence[str], place: Path, beside: str | None) -> Timed:
    made = generate(place / "raw", events=events, format="parquet")
    warehouse, target = place / "bench.duckdb", place / "target"
    land_generated(place / "raw", warehouse)
    raw_bytes = warehouse.stat().st_size
    full = measured(_build, domains, warehouse, target)
    by_model = _model_seconds(target)
    file_bytes = warehouse.stat().st_size
    sides = [side for name in COMPARISONS for side in both_sides(name, warehouse, beside)] if beside else []
    idle = measured(_build, domains, warehouse, target)
    change_raw(warehouse, _OTHER_SPEND)
    changed = measured(_build, domains, warehouse, target)
    new_events = change_raw(warehouse, NEW_EVENTS)
    daily = measured(_build, domains, warehouse, target)
    daily_by_model = _model_seconds(target)
    config = _run_config(domains, place, warehouse)
    published, unchanged = (measured(_run, config) for _time in range(2))
    marts = place / "floor.duckdb"
    floor = measured(read_and_write, warehouse, marts)
    sizes = (raw_bytes, file_bytes, warehouse.stat().st_size, marts.stat().st_size)
    return Timed(
        made["events"],
        full,
        idle,
        changed,
        daily,
        published,
        unchanged,
        floor,
        new_events,
        *sizes,
        by_model,
        daily_by_model,
        sides,
    )


def _model_seconds(target: Path) -> dict[str, float]:
    """Seconds of each model in the last build, in its order."""
    results = json.loads((target / "run_results.json").read_text())["results"]
    models = [row for row in results if row["unique_id"].startswith("model.")]
    return {row["unique_id"].split(".")[2]: row["execution_time"] for row in models}


def change_raw(warehouse: Path, statement: str) -> int:
    """Change the raw tables as a loader would. The number of rows that changed."""
    with duckdb.connect(str(warehouse)) as connection:
        found: tuple[int, ...] | None = connection.execute(statement).fetchone()
        return found[0] if found else 0


def _build(domains: Sequence[str], warehouse: Path, target: Path) -> None:
    """One build with the reference seeds that the marts need, as `shopper run` does it."""
    selected = ["--select", *_selectors(domains)]
    run_dbt(["build", *WITHOUT_TESTS, *selected], variables=VARIABLES, warehouse=warehouse, target=target)


def _selectors(domains: Sequence[str]) -> list[str]:
    return [f"+path:models/marts/{domain}" for domain in domains]


def _run_config(domains: Sequence[str], place: Path, warehouse: Path) -> Path:
    """A configuration of `shopper run` for the warehouse."""
    config = {
        "name": "benchmark", "vars": VARIABLES, "select": _selectors(domains), "warehouse": str(warehouse),
        "publish": str(place / "published"), "memory": os.environ["SHOPPER_MEMORY_LIMIT"],
    }  # fmt: skip
    path = place / "run.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def _run(config: Path) -> None:
    """`shopper run`. Raises BadInput if it publishes nothing."""
    result = run(read_config(config, PROJECT))
    if result.exit_code:
        raise BadInput(f"bench: the run ended with exit code {result.exit_code}: {result.message}")


def land_generated(raw: Path, warehouse: Path) -> None:
    """Load the generated Parquet files into tables of the schema raw, in place of any that are there."""
    with duckdb.connect(str(warehouse), config={"preserve_insertion_order": False}) as connection:
        connection.execute("create schema if not exists raw")
        for table in load_contract(PROJECT).tables:
            files = raw / f"raw_{table.name}"
            if files.is_dir():
                rows = f"select * from read_parquet('{files}/*.parquet')"
                connection.execute(f"create or replace table raw.{table.name} as {rows}")
                shutil.rmtree(files)
