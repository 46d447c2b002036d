"""Runs the project's Python models on a warehouse without dbt, for engines that build SQL only."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from shopper.engines.passes import python_models
from shopper.errors import BadInput, CheckFailed
from shopper.sql import quoted


@dataclass(frozen=True)
class _Dbt:
    """What a Python model gets as `dbt`: its inputs, by name."""

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, str]

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """The built table of a model or seed."""
        try:
            return self.connection.table(self.tables[name])
        except duckdb.CatalogException as error:
            raise CheckFailed(f"{self.tables[name]} is not in the warehouse; build it first") from error


def fit(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], project: Path, names: Iterable[str] = ()
) -> dict[str, int]:
    """Run Python models, parents first, and write their tables. Returns the rows of each.

    names: the models to run; none: all. The same code as in `dbt build`, on the same tables, with the same result.
    Raises BadInput for a name that is no Python model, CheckFailed if an input is not built.
    """
    known = python_models(manifest)
    chosen = list(names) or known
    for name in chosen:
        if name not in known:
            raise BadInput(f"{name} is no Python model of the project; there are {', '.join(sorted(known))}")
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")}
    tables = {name: f"{quoted(node['schema'])}.{quoted(node['alias'])}" for name, node in nodes.items()}
    rows = {}
    connection.execute("set TimeZone = 'UTC'")
    for name in (name for name in known if name in chosen):
        connection.execute(f"create schema if not exists {quoted(nodes[name]['schema'])}")
        rows[name] = run_model(connection, project / nodes[name]["original_file_path"], tables[name], tables)
    return rows


def run_model(connection: duckdb.DuckDBPyConnection, path: Path, table: str, tables: Mapping[str, str]) -> int:
    """Run the Python model in a file and write its table. Returns its rows.

    tables: the table of every model and seed by its name, as SQL. Raises CheckFailed if an input is not built.
    """
    fitted = runpy.run_path(str(path))["model"](_Dbt(connection, tables), connection)
    connection.execute(f"create or replace table {table} as select * from fitted")
    return len(fitted)
