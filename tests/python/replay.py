"""The compiled models of one dbt run, run again on other raw tables without dbt's overhead."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from running import ROOT
from shopper.dbt import run_dbt
from shopper.engines.fitting import run_model

Node = dict[str, Any]


def compiled(warehouse: Path, target: Path, variables: Mapping[str, object]) -> Replay:
    """The models, compiled for the raw tables of a warehouse that gets the reference seeds. None of them is built."""
    for command in (["seed", "--select", "path:seeds/reference"], ["compile", "--write-json"]):
        run_dbt(command, variables=variables, warehouse=warehouse, target=target)
    return Replay(warehouse, target)


class Replay:
    """A built warehouse and the target folder of its run. Its raw tables keep their columns; their rows may change.

    Vars are literals in compiled SQL: another value of a var is put in by replacing the text.
    """

    def __init__(self, warehouse: Path, target: Path) -> None:
        self._warehouse = warehouse
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        nodes: dict[str, Node] = {**manifest["nodes"], **manifest["sources"]}
        self._models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
        self._relations = {
            node["name"]: f'{node["schema"]}."{node["alias"]}"' for node in nodes.values() if "alias" in node
        }
        tests = [node for node in nodes.values() if node["resource_type"] == "test" and node.get("test_metadata")]
        self.keys: dict[str, list[str]] = {
            test["attached_node"].rsplit(".", 1)[-1]: test["test_metadata"]["kwargs"]["columns"]
            for test in tests
            if test["test_metadata"]["name"] == "unique_key"
        }
        self._compiled = target / "compiled" / manifest["metadata"]["project_name"]
        self._order = list(self._in_order())

    def _in_order(self) -> Iterator[str]:
        left = dict(self._models)
        while left:
            ready = [name for name, node in left.items() if not any(one in left for one in node["depends_on"]["nodes"])]
            for name in ready:
                del left[name]
            yield from ready

    def copy(self, warehouse: Path) -> duckdb.DuckDBPyConnection:
        """A copy of the built warehouse, to change the raw tables of. One thread: a small shop takes less with it."""
        shutil.copy(self._warehouse, warehouse)
        connection = duckdb.connect(str(warehouse), config={"threads": 1})
        connection.execute("set TimeZone = 'UTC'")
        return connection

    def in_memory(self) -> duckdb.DuckDBPyConnection:
        """A copy of the warehouse that is in no file."""
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{self._warehouse}' as base (read_only)")
        connection.execute("copy from database base to memory")
        connection.execute("detach base")
        return connection

    def run(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        downstream_of: str | None = None,
        needed: Collection[str] | None = None,
        literals: Mapping[str, str] | None = None,
        after: Callable[[str], None] | None = None,
    ) -> set[str]:
        """Run all models, those that a raw table reaches, or those that models of these names need, with the literals
        replaced. The names of those run. `after` is called with the name of a table of SQL as soon as it stands.
        """
        for schema in self.schemas:
            connection.execute(f"create schema if not exists {schema}")
        wanted = None if needed is None else self._ancestors(needed)
        moved = {f"source_{downstream_of}"} if downstream_of else set()
        for name in self._order:
            node = self._models[name]
            parents = {one.rsplit(".", 1)[-1] for one in node["depends_on"]["nodes"]}
            if downstream_of and node["name"] not in moved and not parents & moved:
                continue
            if wanted is not None and name not in wanted:
                continue
            moved.add(node["name"])
            if node["language"] == "python":
                path = ROOT / node["original_file_path"]
                run_model(connection, path, self._relations[node["name"]], self._relations)
            else:
                sql = (self._compiled / node["original_file_path"]).read_text(encoding="utf-8")
                for old, new in (literals or {}).items():
                    sql = sql.replace(old, new)
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                relation = self._relations[node["name"]]
                sql = sql.replace(f'"{node["database"]}".', "")
                connection.execute(f"create or replace {kind} {relation} as ({sql}\n)")
                if after and kind == "table":
                    after(node["name"])
        return moved

    @property
    def schemas(self) -> set[str]:
        """The schemas of all models."""
        return {node["schema"] for node in self._models.values()}

    @property
    def names(self) -> set[str]:
        """The names of all models."""
        return {node["name"] for node in self._models.values()}

    def _ancestors(self, names: Collection[str]) -> set[str]:
        """The ids of the models of these names and of all models behind them."""
        left = [name for name, node in self._models.items() if node["name"] in names]
        found: set[str] = set()
        while left:
            name = left.pop()
            if name in self._models and name not in found:
                found.add(name)
                left += self._models[name]["depends_on"]["nodes"]
        return found

    def literal_count(self, literal: str) -> int:
        """Compiled models that hold a literal."""
        return sum(literal in path.read_text(encoding="utf-8") for path in self._compiled.rglob("*.sql"))
