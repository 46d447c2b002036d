"""The commands `shopper publish` and `shopper rollback`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def publish_command(
    warehouse: Annotated[
        Path | None, typer.Option(help="The DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder that BI reads. Default: SHOPPER_PUBLISH, else published/.")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="Generations to keep, this one included.", metavar="N")] = 3,
    keep_days: Annotated[int, typer.Option(min=0, help="Keep all that are younger than so many days.")] = 0,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Publish what is built as a new generation; readers change over at once, or keep what they had."""
    from contextlib import nullcontext
    from datetime import UTC, datetime

    from rich.console import Console

    from shopper.locks import warehouse_lock
    from shopper.project import project_root, publish_folder, warehouse_path
    from shopper.publish.generations import Keep
    from shopper.publish.publishing import publish

    root = project_root(project)
    folder = publish_folder(root, to)
    file = warehouse_path(root, warehouse)
    # A run that is on is not to be published half-way, between two of its steps.
    with warehouse_lock(file, "shopper publish") if file.exists() else nullcontext():
        published = publish(file, folder, Keep(keep, keep_days), datetime.now(UTC))
    rows = sum(published.rows.values())
    console = Console()
    console.print(
        f"generation {published.id}: {len(published.rows)} tables, {rows:,} rows", soft_wrap=True, highlight=False
    )
    console.print(f"read it through {folder}/current", soft_wrap=True, highlight=False)
    if published.removed:
        console.print(f"removed: {', '.join(published.removed)}", soft_wrap=True, highlight=False)


def rollback_command(
    to: Annotated[
        str | None,
        typer.Option(help="The generation to go to. Default: what readers had before.", metavar="ID"),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the generations and change nothing.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="The folder that BI reads. Default: SHOPPER_PUBLISH, else published/.")
    ] = None,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Let readers have an earlier generation again, by one change of the link; the next run publishes a new one."""
    from rich.console import Console
    from rich.table import Table

    from shopper.project import project_root, publish_folder
    from shopper.publish.rollback import listed, rollback

    place = publish_folder(project_root(project), folder)
    console = Console()
    if list_:
        table = Table("", "generation", "published at", "follows", "rows", "labels", box=None)
        for kept in listed(place):
            mark = "current" if kept.is_current else ""
            table.add_row(mark, kept.id, kept.created_at, kept.follows, f"{kept.rows:,}", "; ".join(kept.labels))
        console.print(table)
        return
    change = rollback(place, to)
    console.print(f"readers now get generation {change.to}, not {change.left}", soft_wrap=True, highlight=False)
