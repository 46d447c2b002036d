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
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Land files in the raw tables: all of a mapping, or nothing at all."""
    from rich.console import Console

    from shopper.contract import load_contract
    from shopper.errors import BadInput
    from shopper.load.landing import load
    from shopper.load.mapping import read_mapping, suggestion
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
            plan, contract, root, target, only=tuple(only or ()), allowed_rejects=allow_rejects, progress=status.update
        )
    print_report(report, str(target), console)
