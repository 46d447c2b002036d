"""The compiled data tests of a project, run without dbt."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import duckdb


class DataTests:
    """The data tests that dbt compiled into a target folder: one query each, whose rows are failures."""

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

    def failures(self, connection: duckdb.DuckDBPyConnection, models: Collection[str]) -> dict[str, int]:
        """Rows of each failing test of these models."""
        found = {}
        for name, (tested, query) in self._queries.items():
            if not tested.isdisjoint(models):
                (rows,) = connection.execute(f"select count(*) from ({query}\n)").fetchone() or (None,)
                if rows:
                    found[name] = rows
        return found
