"""What a large shop costs on Spark beside DuckDB, in one session of this machine: `python -m shopper.bench.spark`.

For each number of events: raw tables are generated, DuckDB and Spark build everything from them, without tests, and
every published table is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.domains import MEMORY_LIMIT, VARIABLES, land_generated
from shopper.bench.measured import Measured, measured
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt
from shopper.engines.other_dbt import OtherDbt
from shopper.engines.parity import EQUAL, compared
from shopper.engines.spark_build import STEPS
from shopper.errors import BadInput
from shopper.generate import generate

_SPARK: Final = PROJECT / ".venv-spark" / "bin" / "dbt"
_SPARK_MEMORY: Final = "7g"
_LISTED: Final = 15


@dataclass(frozen=True)
class Compared:
    """One size: events, cost on each engine, seconds of each model on each, and how each published table compares.

    Where Spark was stopped, its cost and models are those until then, and `tables` is empty.
    """

    events: int
    duckdb: Measured
    spark: Measured
    duckdb_models: Mapping[str, float]
    spark_models: Mapping[str, float]
    tables: Mapping[str, str]


def compare_size(events: int, place: Path, minutes: float | None = None) -> Compared:
    """Generate a shop in an empty folder and build it on both engines; stop Spark after this many minutes.

    The folder needs about 2,500 bytes for an event.
    """
    made = generate(place / "raw", events=events, format="parquet")
    raw, built, target = place / "shop.duckdb", place / "duckdb" / "shopper.duckdb", place / "duckdb" / "target"
    land_generated(place / "raw", raw)
    built.parent.mkdir()
    shutil.copy(raw, built)
    duckdb = measured(_build, built, target)
    duckdb_models = {
        row["unique_id"].split(".")[2]: row["execution_time"]
        for row in json.loads((target / "run_results.json").read_text())["results"]
    }
    began = monotonic()
    on_spark = OtherDbt(_SPARK, PROJECT, place / "spark" / "shopper.duckdb", place / "spark" / "target")
    is_whole = on_spark.build_shop_on_spark(raw, minutes and minutes * 60)
    seconds = monotonic() - began
    steps: list[dict[str, Any]] = [json.loads(line) for line in (place / "spark" / "target" / STEPS).open()]
    spark = Measured(seconds, steps[-1]["processor"], max(step["peak"] for step in steps))
    spark_models = {step["step"].split(".")[-1]: step["seconds"] for step in steps if step["seconds"]}
    tables = compared(built, place / "spark" / "shopper.duckdb") if is_whole else {}
    return Compared(made["events"], duckdb, spark, duckdb_models, spark_models, tables)


def _build(warehouse: Path, target: Path) -> None:
    run_dbt(["build", *WITHOUT_TESTS], variables=VARIABLES, warehouse=warehouse, target=target)


def main(
    events: Annotated[
        list[int] | None, typer.Option(help="Number of events; can be repeated. Default: 1 million.", min=1)
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Stop Spark after this time at each size.", min=1)] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder for the temporary data.", exists=True)] = None,
) -> None:
    """Build shops on DuckDB and Spark; print what each engine takes and which published tables differ."""
    if not _SPARK.is_file():
        raise BadInput("Spark is not installed; make spark installs it")
    os.environ.setdefault("SHOPPER_MEMORY_LIMIT", MEMORY_LIMIT)
    os.environ.setdefault("SHOPPER_SPARK_MEMORY", _SPARK_MEMORY)
    console = Console(width=110)
    sizes = []
    for number in sorted(events or [1_000_000]):
        place = Path(tempfile.mkdtemp(prefix="shopper_spark_", dir=folder))
        os.environ["SHOPPER_TEMP"] = str(place / "spill")
        try:
            size = compare_size(number, place, minutes)
        finally:
            shutil.rmtree(place)
        sizes.append(size)
        console.print(_costs(size))
        console.print(_comparison(size), soft_wrap=True)
    console.print(_slowest(sizes))


def _costs(size: Compared) -> Table:
    table = Table("", "seconds", "processor seconds", "peak MB", "models and seeds", title=f"{size.events:,} events")
    rows = {"DuckDB": (size.duckdb, size.duckdb_models), "Spark": (size.spark, size.spark_models)}
    for engine, (cost, models) in rows.items():
        figures = (cost.seconds, cost.cpu_seconds, cost.peak_megabytes, len(models))
        table.add_row(engine, *(f"{figure:,.0f}" for figure in figures))
    return table


def _slowest(sizes: list[Compared]) -> Table:
    """Seconds of the models that take longest on Spark at the last size, and their growth on Spark from the first."""
    names = [f"{engine}, {size.events:,} events" for size in sizes for engine in ("DuckDB", "Spark")]
    table = Table("seconds", *names, "growth")
    first, last = sizes[0].spark_models, sizes[-1].spark_models
    for model in sorted(last, key=lambda name: -last[name])[:_LISTED]:
        found = [models.get(model) for size in sizes for models in (size.duckdb_models, size.spark_models)]
        texts = ["" if seconds is None else f"{seconds:.1f}" for seconds in found]
        table.add_row(model, *texts, f"{last[model] / first[model]:.1f}" if first.get(model) else "")
    return table


def _comparison(size: Compared) -> str:
    if not size.tables:
        return "Spark was stopped; nothing is compared"
    different = [f"{table} ({found})" for table, found in size.tables.items() if found != EQUAL]
    equal = Counter(size.tables.values())[EQUAL]
    return f"{equal} of {len(size.tables)} published tables are equal" + "".join(f"; {name}" for name in different)


if __name__ == "__main__":
    typer.run(main)
