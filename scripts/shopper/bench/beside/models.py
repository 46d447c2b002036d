"""Models of a built warehouse, computed once more from the tables that they read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.bench.beside.sides import Step
from shopper.dbt import run_dbt

_PLAN: Final = "models.json"


def export_models(
    models: Sequence[str], given: Sequence[str], warehouse: Path, folder: Path, variables: dict[str, Any] | None = None
) -> None:
    """Write to the folder what `models_built` needs: the tables `given` as Parquet, and the compiled SQL of the models.

    models: in build order. given, models: `<schema>.<table>`. variables: dbt vars other than the project's.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for relation in given:
            connection.execute(f"copy (from {relation}) to '{_parquet(folder, relation)}'")
    target, empty = folder / "target", folder / "empty" / warehouse.name
    empty.parent.mkdir()
    names = {relation.split(".")[1]: relation for relation in models}
    run_dbt(["compile", "--select", *names], variables=variables or {}, warehouse=empty, target=target)
    queries = {relation: next((target / "compiled").rglob(f"{name}.sql")) for name, relation in names.items()}
    plan = {
        "warehouse": warehouse.name,
        "given": list(given),
        "models": {relation: path.read_text(encoding="utf-8") for relation, path in queries.items()},
    }
    (folder / _PLAN).write_text(json.dumps(plan), encoding="utf-8")


def models_built(folder: Path) -> tuple[duckdb.DuckDBPyConnection, Callable[[], None]]:
    """A new database with the given tables, and the step that builds the models in it."""
    plan = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
    connection = duckdb.connect(
        str(folder / plan["warehouse"]), config={"preserve_insertion_order": False, "threads": 2}
    )
    connection.execute("set TimeZone = 'UTC'")
    for schema in sorted({relation.split(".")[0] for relation in [*plan["given"], *plan["models"]]}):
        connection.execute(f"create schema {schema}")
    for relation in plan["given"]:
        connection.execute(f"create view {relation} as from '{_parquet(folder, relation)}'")

    def build() -> None:
        for relation, query in plan["models"].items():
            connection.execute(f"create table {relation} as {query}")

    return connection, build


def _parquet(folder: Path, relation: str) -> Path:
    return folder / f"{relation}.parquet"


def built_figures(folder: Path, query: str) -> Step:
    """The step that builds the models and returns the one row of a query over them, by column."""
    connection, build = models_built(folder)

    def step() -> Mapping[str, float]:
        build()
        found = connection.execute(query)
        row = found.fetchone()
        assert row and found.description
        return {column[0]: float(value) for column, value in zip(found.description, row, strict=True)}

    return step
