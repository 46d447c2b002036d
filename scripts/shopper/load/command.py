"""The command `shopper load`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.load.options import AlsoRead


def load_command(
    mapping: Annotated[
        Path, typer.Argument(help="Mapping file: which source becomes which contract table.", metavar="MAPPING.yml")
    ],
    warehouse: Annotated[
        Path | None, typer.Option(help="DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Land only this table; can be repeated.", metavar="TABLE")
    ] = None,
    allow_rejects: Annotated[
        int, typer.Option(min=0, help="Unreadable lines to tolerate; they are kept in landing.rejects.", metavar="N")
    ] = 0,
    accept_drift: Annotated[
        bool,
        typer.Option("--accept-drift", help="Accept source columns that were removed, renamed or changed type."),
    ] = False,
    also_read: AlsoRead = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Load files or database tables into the raw tables. If anything fails, the warehouse is left unchanged.

    Exit codes: 0 loaded, or unchanged since the last load; 1 the warehouse could not be written; 2 invalid mapping or
    files; 75 another process has the warehouse locked. With any code but 0, nothing has changed.
    """
    from rich.console import Console

    from shopper.contract import load_contract
    from shopper.errors import BadInput
    from shopper.load.landing import load
    from shopper.load.mapping import read_mapping
    from shopper.load.report import print_report
    from shopper.project import project_root, warehouse_path
    from shopper.suggestions import suggestion

    root = project_root(project)
    contract = load_contract(root)
    plan = read_mapping(mapping, contract, also_read or ())
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
