"""The compiled models, data tests and unit tests of the last `dbt build`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shopper.errors import BadInput


@dataclass(frozen=True)
class Model:
    """A model as it was built. sql: None for a Python model and for one without its own text."""

    name: str
    folder: str
    relation: str
    is_view: bool
    is_python: bool
    path: Path
    parents: tuple[str, ...]
    sql: str | None

    @property
    def is_mutated(self) -> bool:
        """Intermediate models and marts of SQL."""
        return self.folder.startswith(("intermediate/", "marts/")) and self.sql is not None

    @property
    def domain(self) -> str:
        """Such as `intermediate/orders`."""
        return "/".join(self.folder.split("/")[:2])


@dataclass(frozen=True)
class DataTest:
    """A compiled data test: it passes without rows. parents: names of the models that it reads."""

    name: str
    sql: str
    parents: frozenset[str]


class Built:
    """What a build left in the target folder. Raises BadInput if there is nothing."""

    def __init__(self, target: Path, root: Path) -> None:
        if not (target / "manifest.json").is_file():
            raise BadInput(f"{target}: no build there; `make warehouse` first")
        self._manifest: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        self._project = name = str(self._manifest["metadata"]["project_name"])
        self._compiled, self._run, self._root = target / "compiled" / name, target / "run" / name, root

    @cached_property
    def models(self) -> dict[str, Model]:
        """All models by name, parents first."""
        left = {key: node for key, node in self._manifest["nodes"].items() if node["resource_type"] == "model"}
        found = {}
        while left:
            ready = [key for key, node in left.items() if not any(one in left for one in node["depends_on"]["nodes"])]
            for key in ready:
                node = left.pop(key)
                found[node["name"]] = self._model(node)
        return found

    def macro_paths(self, model: str) -> frozenset[Path]:
        """The files of the project's macros that a model uses, by way of other macros too."""
        return frozenset(
            self._root / macro["original_file_path"]
            for macro in (self._manifest["macros"][key] for key in self._macros[model])
            if macro["package_name"] == self._project
        )

    @cached_property
    def _macros(self) -> dict[str, set[str]]:
        """Keys of all macros that a model uses, by model."""
        macros = self._manifest["macros"]
        found = {}
        for node in self._manifest["nodes"].values():
            if node["resource_type"] == "model":
                left, used = list(node["depends_on"]["macros"]), set[str]()
                while left:
                    key = left.pop()
                    if key in macros and key not in used:
                        used.add(key)
                        left += macros[key]["depends_on"]["macros"]
                found[node["name"]] = used
        return found

    def _model(self, node: dict[str, Any]) -> Model:
        path = Path(node["original_file_path"])
        compiled = self._compiled / path
        is_python = node["language"] == "python"
        return Model(
            name=node["name"],
            folder=str(path.parent.relative_to("models")),
            relation=f'{node["schema"]}."{node["alias"]}"',
            is_view=node["config"]["materialized"] == "view",
            is_python=is_python,
            path=self._root / path,
            parents=tuple(one.rsplit(".", 1)[-1] for one in node["depends_on"]["nodes"]),
            sql=None if is_python or not compiled.is_file() else self._text(compiled, node["database"]),
        )

    @cached_property
    def relations(self) -> dict[str, str]:
        """Every model and seed by name, as SQL."""
        nodes = self._manifest["nodes"].values()
        return {
            node["name"]: f'{node["schema"]}."{node["alias"]}"'
            for node in nodes
            if node["resource_type"] in ("model", "seed")
        }

    @cached_property
    def data_tests(self) -> list[DataTest]:
        """All data tests that were compiled."""
        paths = {path.name: path for path in self._compiled.rglob("*.sql")}
        found = []
        for node in self._manifest["nodes"].values():
            path = paths.get(Path(node["path"]).name) if node["resource_type"] == "test" else None
            if path:
                parents = frozenset(one.rsplit(".", 1)[-1] for one in node["depends_on"]["nodes"])
                found.append(DataTest(node["name"], self._text(path, node["database"]), parents))
        return found

    def unit_tests(self, model: str) -> Iterator[tuple[str, str]]:
        """Name and SQL of the unit tests of a model that were run: given rows, the model, expected rows."""
        for node in self._manifest["unit_tests"].values():
            if node["model"] == model:
                folder = self._run / node["original_file_path"]
                for path in folder.rglob(f"{node['name']}.sql"):
                    yield node["name"], path.read_text(encoding="utf-8")

    def _text(self, path: Path, database: str) -> str:
        return path.read_text(encoding="utf-8").replace(f'"{database}".', "")
