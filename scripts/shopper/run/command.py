"""The command `shopper run`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer


def run_command(
    config: Annotated[
        Path | None, typer.Argument(help="The configuration; without one, the sample shop.", metavar="[CONFIG.yml]")
    ] = None,
    variables: Annotated[
        str | None, typer.Option("--vars", help="Vars that differ this time, as YAML: '{as_of_date: 2024-01-31}'.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The moment against which gates measure age (ISO). Default: the clock.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check configuration and project only.")] = False,
    warehouse: Annotated[
        Path | None, typer.Option(help="The DuckDB file. Default: as configured, else as everywhere.")
    ] = None,
    publish: Annotated[
        Path | None, typer.Option(help="The folder that BI reads. Default: as configured, else as everywhere.")
    ] = None,
    project: Annotated[Path | None, typer.Option(help="The dbt project. Default: SHOPPER_PROJECT, else found.")] = None,
) -> None:
    """Load, check freshness, build, test and publish: all of it, or nothing that BI can see.

    Exit codes: 0 published; 1 a model or test failed; 2 bad configuration or input, or held by a gate; 3 nothing
    selected; 75 another process holds the warehouse; 130, 143 stopped by SIGINT, SIGTERM. Only 0 publishes.
    """
    import sys

    from rich.console import Console

    from shopper.errors import BadInput
    from shopper.run import default_config, read_config, run
    from shopper.run.progress import progress_for

    if config is None:
        plan = default_config(project, warehouse=warehouse, publish=publish)
    else:
        plan = read_config(config, project, warehouse=warehouse, publish=publish)
    if variables is not None:
        plan = plan.with_variables(_yaml(variables))
    moment = None
    if now is not None:
        try:
            moment = datetime.fromisoformat(now)
        except ValueError:
            raise BadInput(f"--now is {now!r}; expected a moment such as 2024-01-31T03:00:00Z") from None
        if moment.tzinfo is None:
            raise BadInput(f"--now is {now!r}; expected an offset too, such as 2024-01-31T03:00:00Z")
    console = Console()
    progress = progress_for(console)
    result = run(plan, now=moment, progress=progress, check_only=check)
    if result.exit_code == 0:
        for label in result.labels:
            progress.say(f"label: {label}")
        for line in (result.facts.get("changes") or {}).get("unusual", []):
            progress.say(f"unusual: {line}")
        progress.say(f"published as {result.generation}" if result.generation else "the configuration can be run")
    else:
        print(f"shopper: {result.message}", file=sys.stderr)
    if result.report:
        progress.say(f"report: {result.report}")
    raise SystemExit(result.exit_code)


def _yaml(text: str) -> Any:
    """The value of --vars."""
    import yaml

    from shopper.errors import BadInput

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"--vars is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(value, dict):
        raise BadInput(f"--vars is {text!r}; expected names with values, such as '{{as_of_date: 2024-01-31}}'")
    return value
