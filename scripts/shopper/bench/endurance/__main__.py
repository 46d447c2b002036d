"""`python -m shopper.bench.endurance`: kill runs, fill their disk, read during runs, print figures. Exit code 1 on any
problem.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shopper.bench.endurance.full_disks import MOMENTS, SAMPLE_MOMENTS, fill_disks, small_disk
from shopper.bench.endurance.kills import KillFigures, Shop, kill_runs
from shopper.bench.endurance.processes import Processes
from shopper.bench.endurance.readers import ReaderFigures, read_during_runs
from shopper.bench.endurance.small_project import small_project, write_config, write_orders
from shopper.project import project_root


def main(
    kills: Annotated[int, typer.Option(help="Number of runs of the small project to kill.", min=0)] = 50,
    readers: Annotated[int, typer.Option(help="Number of readers of the small project.", min=0)] = 100,
    whole: Annotated[
        int, typer.Option(help="Number of runs of the whole project on the sample shop to kill.", min=0)
    ] = 0,
    full_disk: Annotated[
        bool, typer.Option(help="Fill the disk in each step too, with --whole also of the whole project. Needs root.")
    ] = False,
    select: Annotated[str, typer.Option(help="dbt selector for the whole project. Default: everything.")] = "",
    seed: Annotated[int, typer.Option(help="Random seed. Another seed kills at other times.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Working folder. Default: a temporary folder.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Also write the figures to this file, as JSON.")] = None,
) -> None:
    """Kill runs at random times, fill their disk, read during runs, and report the results."""
    console = Console()
    root = project_root()
    place = Path(tempfile.mkdtemp(prefix="shopper_endurance_", dir=folder))
    try:
        found = _run_all(root, place, kills, readers, (whole, select), seed, console, full_disk=full_disk)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if figures:
        figures.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    console.print(_table(found))
    problems = [problem for part in found.values() for problem in part["problems"]]
    for problem in problems:
        console.print(problem, markup=False, highlight=False, soft_wrap=True)
    raise SystemExit(1 if problems else 0)


def _run_all(
    root: Path,
    place: Path,
    kills: int,
    readers: int,
    whole: tuple[int, str],
    seed: int,
    console: Console,
    *,
    full_disk: bool,
) -> dict[str, dict[str, Any]]:
    """The figures by test. `whole`: number of kills of the whole project, and its dbt selector."""
    processes = Processes(place)
    environment = {"SHOPPER_PROJECT": str(small_project(root, place / "project"))}
    if kills or readers:
        shop, baselines = _prepare(processes, place / "small", environment, versions=2)
    found: dict[str, dict[str, Any]] = {}
    if kills:
        found["kills"] = _killed(kill_runs(shop, baselines, processes, kills, seed, console.print))
    if readers:
        found["readers"] = _read(read_during_runs(shop, processes, readers, console.print))
    if full_disk:
        found["full disk"] = _filled(processes, place / "disk", environment, 1, console)
    if whole[0]:
        environment = {"SHOPPER_PROJECT": str(root)}
        shop, baselines = _prepare(processes, place / "whole", environment, versions=0, select=whole[1])
        figures = kill_runs(shop, baselines, processes, whole[0], seed, console.print)
        found["kills of the whole project"] = _killed(figures)
        if full_disk:
            found["full disk, whole project"] = _filled(processes, place / "disk", environment, 0, console, whole[1])
    return found


def _filled(
    processes: Processes, disk: Path, environment: dict[str, str], versions: int, console: Console, select: str = ""
) -> dict[str, Any]:
    """The figures of a full disk in each step of the project of this environment. versions: as of `_prepare`."""
    try:
        with small_disk(disk, "size=400m" if versions else "size=2g"):
            shop, baselines = _prepare(processes, disk, environment, versions, select)
            moments = MOMENTS if versions else SAMPLE_MOMENTS
            figures = fill_disks(shop, baselines[0], disk, processes, console.print, moments)
    except PermissionError as error:
        return {"problems": [str(error)]}
    return {
        "runs, by the moment from which the disk was full": dict(figures.ended),
        "runs completed with room again, equal to one never disturbed": figures.recovered,
        "problems": figures.problems,
    }


def _prepare(
    processes: Processes, place: Path, environment: dict[str, str], versions: int, select: str = ""
) -> tuple[Shop, list[Path]]:
    """Create a shop with one published generation and, for each version, the file that an undisturbed run publishes.

    Versions differ by one day of orders. 0 versions means the sample shop, which has only one.
    """
    configs, baselines = [], []
    shared = place / "shop"
    for version in range(max(versions, 1)):
        alone = place / f"alone_{version}"
        for home in (alone, shared):
            home.mkdir(parents=True, exist_ok=True)
        if versions:
            orders = shared / f"orders_{version}.parquet"
            write_orders(orders, version)
            configs.append(write_config(shared, orders, file=f"version_{version}"))
            config = write_config(alone, orders, file=f"version_{version}")
        else:
            places = {"warehouse": "warehouse/shopper.duckdb", "publish": "published"}
            text = json.dumps({**places, "select": select} if select else places)
            for home in (alone, shared):
                (home / "shop.yml").write_text(text, encoding="utf-8")
            configs.append(shared / "shop.yml")
            config = alone / "shop.yml"
        call = processes.run("run", config, environment=environment)
        if call.process.exitcode != 0:
            raise AssertionError(f"an undisturbed run ended with {call.process.exitcode}: {call.output}")
        baselines.append(Shop([config], alone / "published", environment).file)
    shop = Shop(configs, shared / "published", environment)
    processes.run("run", configs[0], environment=environment)
    return shop, baselines


def _killed(figures: KillFigures) -> dict[str, Any]:
    return {
        "runs killed": figures.kills,
        "killed during": dict(sorted(figures.during.items())),
        "runs that ended before the kill": figures.ended_before,
        "runs completed after a kill, equal to one never killed": figures.recovered,
        "problems": figures.problems,
    }


def _read(figures: ReaderFigures) -> dict[str, Any]:
    return {
        "readers": figures.readers,
        "runs meanwhile": figures.runs,
        "generations seen": len(figures.generations),
        "problems": figures.problems,
    }


def _table(found: dict[str, dict[str, Any]]) -> Table:
    table = Table("what", "figure", title="endurance", show_header=False)
    for part, values in found.items():
        table.add_section()
        for name, value in values.items():
            if isinstance(value, dict):
                value = ", ".join(f"{step} {times}" for step, times in value.items())
            table.add_row(f"{part}: {name}", str(len(value)) if name == "problems" else str(value))
    return table


if __name__ == "__main__":
    typer.run(main)
