"""The command `shopper load`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def load_command(
    mapping: Annotated[
        Path, typer.Argument(help="The mapping file: sources to contract tables.", metavar="MAPPING.yml")
    ],
    warehouse: Annotated[
        Path | None, typer.Option(help="The DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Land this table only; may be repeated.", metavar="TABLE")
    ] = None,
    allow_rejects: Annotated[
        int, typer.Option(min=0, help="Lines that may be unreadable; they wait in landing.rejects.", metavar="N")
    ] = 0,
    accept_drift: Annotated[
        bool,
        typer.Option("--accept-drift", help="Take columns that are gone, renamed or of another kind as they are now."),
    ] = False,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Land files or database tables in the raw tables: all of a mapping, or nothing at all.

    Exit codes: 0 landed, or as at the last load; 1 the warehouse could not be written; 2 mapping or files wrong;
    75 another process has the warehouse. Unless 0, nothing has changed.
    """
    from rich.console import Console

    from shopper.contract import load_contract
    from shopper.errors import BadInput
    from shopper.load.entries import suggestion
    from shopper.load.landing import load
    from shopper.load.mapping import read_mapping
    from shopper.load.report import print_report
    from shopper.project import project_root, warehouse_path

    root = project_root(project)
    contract = load_contract(root)
    plan = read_mapping(mapping, contract)
    for table in only or []:
        if table not in plan.tables:
            raise BadInput(f"--only {table}: the mapping {mapping} has no such table{suggestion(table, plan.tables)}")
    target = warehouse_path(root, warehouse)
    console = Console()
    with console.status("loading") as status:
        report = load(
            plan,
            contract,
            root,
            target,
            only=tuple(only or ()),
            allowed_rejects=allow_rejects,
            accept_drift=accept_drift,
            progress=status.update,
        )
    print_report(report, str(target), console)
