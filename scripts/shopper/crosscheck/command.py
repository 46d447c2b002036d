"""The command `shopper accept`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.errors import CheckFailed
from shopper.project import project_root, warehouse_path
from shopper.variables import read_variables


def accept_command(
    warehouse: Annotated[
        Path | None, typer.Option(help="Built DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    vars: Annotated[
        str,
        typer.Option("--vars", help="Vars that the warehouse was built with, as YAML: '{as_of_date: 2025-03-31}'."),
    ] = "{}",
    json: Annotated[Path | None, typer.Option(help="Also write the report to this file.", dir_okay=False)] = None,
) -> None:
    """Compare the marts with an independent computation, and with the truths planted in the sample. Builds nothing.

    Exit codes: 0 all equal; 1 something differs; 2 no such warehouse, or invalid vars; 75 another process has the
    warehouse.
    """
    from rich.console import Console

    from shopper.crosscheck.crosscheck import crosscheck
    from shopper.crosscheck.report import print_report, summary, write_json

    root = project_root()
    outcome = crosscheck(warehouse_path(root, warehouse), root, read_variables(vars, root))
    print_report(Console(), outcome.results, outcome.measured)
    if json is not None:
        write_json(json, outcome.results, outcome.measured)
    if not outcome.passed:
        raise CheckFailed(f"not accepted: {summary(outcome.results, outcome.measured)}")
