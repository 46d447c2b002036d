"""The commands `shopper fit` and `shopper parity`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def fit_command(
    models: Annotated[list[str] | None, typer.Argument(help="Python models to run. Default: all.")] = None,
    warehouse: Annotated[Path | None, typer.Option(help="Working DuckDB file. Default: the project's.")] = None,
    manifest: Annotated[Path | None, typer.Option(help="dbt's manifest. Default: target/manifest.json.")] = None,
    project: Annotated[Path | None, typer.Option(help="The project's folder.")] = None,
) -> None:
    """Run the Python models on a warehouse whose SQL another engine built: fits, intervals, clusters, elasticities.

    `dbt build` of dbt 1.12 runs them itself. Exit codes: 0 done; 1 an input is not built; 2 no such model or file;
    75 another process has the warehouse.
    """
    import json

    import duckdb

    from shopper.engines.fitting import fit
    from shopper.errors import BadInput
    from shopper.project import project_root, warehouse_path

    root = project_root(project)
    place = manifest or root / "target" / "manifest.json"
    if not place.is_file():
        raise BadInput(f"{place} is not there; dbt parse writes it")
    file = warehouse_path(root, warehouse)
    if not file.is_file():
        raise BadInput(f"{file} is not there; expected a warehouse with the SQL models built")
    with duckdb.connect(str(file)) as connection:
        for name, rows in fit(connection, json.loads(place.read_text()), root, models or []).items():
            print(f"{name}: {rows:,} rows")


def parity_command(
    engines: Annotated[list[str] | None, typer.Argument(help="dbt2, duckdb2, spark. Default: all installed.")] = None,
    warehouse: Annotated[Path | None, typer.Option(help="DuckDB file with the sample. Default: the project's.")] = None,
    project: Annotated[Path | None, typer.Option(help="The project's folder.")] = None,
) -> None:
    """Build the sample on other engines, with every test, and compare each mart with the warehouse's.

    A double whose last of ten digits differs for a known reason is printed as such. Exit codes: 0 every table is
    as expected; 1 a build failed or a table differs; 2 an engine is unknown or not installed.
    """
    from rich.console import Console
    from rich.table import Table

    from shopper.engines.parity import DIFFERENT, ENGINES, EQUAL, compare
    from shopper.errors import BadInput, CheckFailed
    from shopper.project import project_root, warehouse_path

    root = project_root(project)
    names = engines or [name for name, engine in ENGINES.items() if (root / engine.environment / "bin/dbt").is_file()]
    if not names:
        raise BadInput("no other engine is installed; make dbt2, make duckdb2 and make spark install one each")
    results = compare(names, root, warehouse_path(root, warehouse))
    table = Table("table", *names)
    for name in sorted({table for result in results for table in result.tables}):
        table.add_row(name, *[result.tables.get(name, DIFFERENT) for result in results])
    console = Console()
    console.print(table)
    for result in results:
        same = sum(found == EQUAL for found in result.tables.values())
        title = ENGINES[result.engine].title
        console.print(
            f"{result.engine} ({title}): {same} of {len(result.tables)} tables equal, {result.nodes:,} nodes,"
            f" {result.seconds:.0f} s"
        )
    surprises = [f"{result.engine}: {', '.join(result.surprises)}" for result in results if result.surprises]
    if surprises:
        raise CheckFailed(f"not as expected: {'; '.join(surprises)}")
