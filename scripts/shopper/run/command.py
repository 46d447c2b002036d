"""The command `shopper run`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def run_command(
    config: Annotated[
        Path | None, typer.Argument(help="Configuration file. Default: run the sample shop.", metavar="[CONFIG.yml]")
    ] = None,
    variables: Annotated[
        str | None, typer.Option("--vars", help="Vars to override in this run, as YAML: '{as_of_date: 2024-01-31}'.")
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(help="Time from which gates measure age (ISO 8601 with offset). Default: the current time."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the configuration and the project, then stop.")] = False,
    warehouse: Annotated[
        Path | None, typer.Option(help="DuckDB file. Default: the configuration, SHOPPER_WAREHOUSE, the project's own.")
    ] = None,
    publish: Annotated[
        Path | None,
        typer.Option(help="Folder that BI reads. Default: the configuration, SHOPPER_PUBLISH, the project's own."),
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Load, check the gates, build, test and publish. If any step fails, readers keep the previous generation.

    Only what a change reaches is built. If nothing changed since the published generation (rows, rules, code, vars,
    versions), that one stays, with exit code 0.

    Exit codes: 0 published, or unchanged; 1 a model or test failed; 2 bad configuration or input, or held by a gate;
    3 nothing selected; 75 another process has the warehouse locked; 130, 143 stopped by SIGINT, SIGTERM. Only 0
    publishes.
    """
    import sys

    from rich.console import Console

    from shopper.casts import CastRules
    from shopper.erasure.pending import pending
    from shopper.errors import BadInput
    from shopper.progress import progress_for
    from shopper.run import default_config, read_config, run
    from shopper.variables import read_variables

    if config is None:
        plan = default_config(project, warehouse=warehouse, publish=publish)
    else:
        plan = read_config(config, project, warehouse=warehouse, publish=publish)
    if variables is not None:
        plan = plan.with_variables(read_variables(variables, plan.root))
    moment = None
    if now is not None:
        try:
            moment = datetime.fromisoformat(now)
        except ValueError:
            raise BadInput(f"--now is {now!r}; expected a timestamp such as 2024-01-31T03:00:00Z") from None
        if moment.tzinfo is None:
            raise BadInput(f"--now is {now!r}; expected a UTC offset as well, such as 2024-01-31T03:00:00Z")
    console = Console()
    progress = progress_for(console)
    result = run(plan, now=moment, progress=progress, check_only=check)
    if result.exit_code == 0:
        for label in result.labels:
            progress.log(f"label: {label}")
        for line in (result.facts.get("changes") or {}).get("unusual", []):
            progress.log(f"unusual: {line}")
        published = f"published as {result.generation}" if result.generation else "the configuration is valid"
        progress.log(result.message or published)
        if plan.warehouse.is_file() and pending(plan.warehouse, CastRules(plan.root, plan.variables)).is_there:
            progress.log("an erasure is not complete; `shopper forget` without an id completes it")
    else:
        print(f"shopper: {result.message}", file=sys.stderr)
    if result.report:
        progress.log(f"report: {result.report}")
    raise SystemExit(result.exit_code)
