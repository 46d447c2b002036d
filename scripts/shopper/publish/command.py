"""The command `shopper publish`."""

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
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Publish what is built as a new generation; readers change over at once, or keep what they had."""
    from datetime import UTC, datetime

    from rich.console import Console

    from shopper.project import project_root, publish_folder, warehouse_path
    from shopper.publish.publishing import publish

    root = project_root(project)
    folder = publish_folder(root, to)
    published = publish(warehouse_path(root, warehouse), folder, keep, datetime.now(UTC))
    rows = sum(published.rows.values())
    console = Console()
    console.print(
        f"generation {published.id}: {len(published.rows)} tables, {rows:,} rows", soft_wrap=True, highlight=False
    )
    console.print(f"read it through {folder}/current", soft_wrap=True, highlight=False)
    if published.removed:
        console.print(f"removed: {', '.join(published.removed)}", soft_wrap=True, highlight=False)
