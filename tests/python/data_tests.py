"""The compiled data tests of a project, and what contracts say of nulls, run without dbt."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb


class DataTests:
    """The data tests of models that dbt compiled into a target folder: one query each, whose rows are failures. And the
    columns that a contract says are never null: dbt puts the constraint on the table that it creates.
    """

    def __init__(self, target: Path) -> None:
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        compiled = target / "compiled" / manifest["metadata"]["project_name"]
        self._queries: dict[str, tuple[set[str], str]] = {}
        for node in manifest["nodes"].values():
            if node["resource_type"] != "test":
                continue
            path = compiled / node["original_file_path"]
            if path.suffix == ".yml":
                path /= Path(node["path"]).name
            query = path.read_text(encoding="utf-8").replace(f'"{node["database"]}".', "")
            tested = {name.rsplit(".", 1)[-1] for name in node["depends_on"]["nodes"]}
            self._queries[node["name"]] = tested, query
        self._never_null = {
            node["name"]: (f'{node["schema"]}."{node["alias"]}"', _never_null(node))
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["config"]["contract"]["enforced"]
        }

    def failures(self, connection: duckdb.DuckDBPyConnection, models: Collection[str]) -> dict[str, int]:
        """Rows of each failing test of these models; of a column that is never null, those where it is."""
        found = {}
        for model, (relation, columns) in self._never_null.items():
            if model in models and columns:
                counts = ", ".join(f'count(*) - count("{column}")' for column in columns)
                nulls = connection.execute(f"select {counts} from {relation}").fetchone() or ()
                found |= {f"{model}.{column}": rows for column, rows in zip(columns, nulls, strict=True) if rows}
        for name, (tested, query) in self._queries.items():
            if not tested.isdisjoint(models):
                (rows,) = connection.execute(f"select count(*) from ({query}\n)").fetchone() or (None,)
                if rows:
                    found[name] = rows
        return found


def _never_null(node: dict[str, Any]) -> list[str]:
    return [
        name
        for name, column in node["columns"].items()
        if any(one["type"] == "not_null" for one in column["constraints"])
    ]
