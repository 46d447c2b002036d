"""The commands `shopper publish` and `shopper rollback`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.publish.generations import LONGEST_KEEP


def publish_command(
    warehouse: Annotated[
        Path | None, typer.Option(help="DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder that BI reads. Default: SHOPPER_PUBLISH, else published/.")
    ] = None,
    keep: Annotated[
        int, typer.Option(min=1, help="Number of generations to keep, including this one.", metavar="N")
    ] = 3,
    keep_days: Annotated[
        int, typer.Option(min=0, max=LONGEST_KEEP, help="Also keep all generations younger than this many days.")
    ] = 0,
    ducklake: Annotated[
        bool, typer.Option("--ducklake", help="Also write a DuckLake catalog over the Parquet files.")
    ] = False,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Publish the last build as a new generation. Readers switch in one atomic step, or after an error not at all.

    The last `dbt build` must have built and tested everything without failures, from the data that is landed now.

    Exit codes: 0 published; 1 that build failed, is older than the data or left something out, or there is no room; 2
    no such warehouse, or a folder that can't be used; 75 another process has the warehouse.
    """
    from contextlib import nullcontext
    from datetime import UTC, datetime

    from rich.console import Console

    from shopper.change_log import move_mark_after_build
    from shopper.contract import load_contract
    from shopper.locks import warehouse_lock
    from shopper.project import artifacts_folder, project_root, publish_folder, warehouse_path
    from shopper.publish.generations import Keep
    from shopper.publish.publishing import publish

    root = project_root(project)
    folder = publish_folder(root, to)
    file = warehouse_path(root, warehouse)
    # The lock prevents publishing in the middle of a run, between two of its steps.
    with warehouse_lock(file, "shopper publish") if file.exists() else nullcontext():
        published = publish(
            file,
            folder,
            Keep(keep, keep_days),
            datetime.now(UTC),
            whole_build=True,
            ducklake=ducklake,
            artifacts=artifacts_folder(root),
        )
        problem = move_mark_after_build(file, load_contract(root), root)
    rows = sum(published.rows.values())
    console = Console()
    console.print(
        f"generation {published.id}: {len(published.rows)} tables, {rows:,} rows", soft_wrap=True, highlight=False
    )
    if problem:
        console.print(problem, soft_wrap=True, highlight=False)
    console.print(f"read it through {folder}/current", soft_wrap=True, highlight=False)
    if published.removed:
        console.print(f"removed: {', '.join(published.removed)}", soft_wrap=True, highlight=False)


def rollback_command(
    to: Annotated[
        str | None,
        typer.Option(help="Generation to go back to. Default: the previous one.", metavar="ID"),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the generations, change nothing.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Folder that BI reads. Default: SHOPPER_PUBLISH, else published/.")
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Switch readers back to an earlier generation, in one atomic step. The next run publishes a new one.

    Exit codes: 0 switched, or listed; 1 the generation is damaged; 2 no such generation; 75 another process publishes.
    """
    from rich.console import Console

    from shopper.project import project_root, publish_folder
    from shopper.publish.rollback import list_generations, rollback

    place = publish_folder(project_root(project), folder)
    console = Console()
    if list_:
        # A line for each, however narrow the terminal: ids are there to be copied.
        for kept in list_generations(place):
            mark = "current" if kept.is_current else ""
            line = f"{mark:<8}{kept.id}  published {kept.created_at}  {kept.rows:,} rows"
            lines = [
                line + (f"  follows {kept.follows}" if kept.follows else ""),
                *(f"{'':<8}{one}" for one in kept.labels),
            ]
            console.print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)
        return
    change = rollback(place, to)
    console.print(
        f"readers now get generation {change.current} instead of {change.previous}", soft_wrap=True, highlight=False
    )
