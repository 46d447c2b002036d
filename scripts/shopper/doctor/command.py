"""The command `shopper doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shopper.load.options import AlsoRead


def doctor_command(
    mapping: Annotated[
        Path | None,
        typer.Argument(help="Check what this mapping would load. Default: the raw tables.", metavar="MAPPING.yml"),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Check the sample shop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings only, no progress.")] = False,
    variables: Annotated[
        str, typer.Option("--vars", help="dbt vars as YAML: reporting_timezone, reporting_currency ...", metavar="YAML")
    ] = "{}",
    warehouse: Annotated[
        Path | None, typer.Option(help="DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    also_read: AlsoRead = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Find problems of the data before a run, each with the line that fixes it. Nothing is written.

    Exit codes: 0 no errors (there may be warnings); 1 rows would be lost or numbers wrong; 2 the run would stop, or
    there is no data; 75 another process has the warehouse locked.
    """
    from rich.console import Console

    from shopper.doctor.diagnosis import diagnose
    from shopper.doctor.findings import exit_code
    from shopper.doctor.report import as_document, print_findings
    from shopper.progress import Progress, progress_for

    # Findings go to the standard output, progress does not: a program may read the one and a person see the other.
    progress = Progress() if quiet or as_json else progress_for(Console(stderr=True))
    findings = diagnose(
        mapping,
        sample=sample,
        variables=variables,
        warehouse=warehouse,
        also_read=tuple(also_read or ()),
        project=project,
        progress=progress,
    )
    if as_json:
        print(as_document(findings))
    else:
        print_findings(findings, Console())
    raise typer.Exit(exit_code(findings))
