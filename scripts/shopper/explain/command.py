"""The command `shopper explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explain_command(
    mart: Annotated[str, typer.Argument(help="Mart, such as channel_efficiency.")],
    column: Annotated[str, typer.Argument(help="Column of the mart.")],
    where: Annotated[
        str | None, typer.Option(help="SQL condition on the mart's columns that one row matches.", metavar="SQL")
    ] = None,
    rows: Annotated[int, typer.Option(min=0, max=1000, help="Parts to show of each value.", metavar="N")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; amounts are text.")] = False,
    language: Annotated[str, typer.Option(help="Language of headings and labels: en or zh.")] = "en",
    published: Annotated[bool, typer.Option("--published", help="Explain the published file.")] = False,
    warehouse: Annotated[
        Path | None, typer.Option(help="DuckDB file. Default: SHOPPER_WAREHOUSE, else warehouse/shopper.duckdb.")
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Explain one number of a mart: its formula, the rows that it is made of, what was left out, which rules decided.

    Exit codes: 0 explained; 1 the parts do not add up to the number; 2 no such mart, column or row, or an invalid
    condition; 75 another process has the warehouse.
    """
    import json
    import sys

    from shopper.errors import BadInput, CheckFailed
    from shopper.explain.explaining import explain
    from shopper.explain.lineage import read_lineage
    from shopper.explain.rendering import LANGUAGES, rendered
    from shopper.explain.warehouse import read_only
    from shopper.project import project_root, publish_folder, warehouse_path

    if language not in LANGUAGES:
        raise BadInput(f"--language {language!r}: expected one of {', '.join(LANGUAGES)}")
    if published and warehouse is not None:
        raise BadInput("--published and --warehouse name two files; give one of them")
    root = project_root(project)
    working = warehouse_path(root, warehouse)
    file = publish_folder(root) / f"{working.stem}.duckdb" if published else working
    with read_only(file) as connection:
        found = explain(connection, mart, column, where, rows, read_lineage(root))
    text = json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else rendered(found, language)
    sys.stdout.write(text + "\n")
    if found.measure.broken:
        raise CheckFailed(f"does not add up: {', '.join(dict.fromkeys(found.measure.broken))}")
