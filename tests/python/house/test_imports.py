"""Imports in the package `shopper` form no cycle, neither between modules nor between packages.

Imports inside functions and under `if TYPE_CHECKING` count as well.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from running import ROOT

PACKAGE = ROOT / "scripts" / "shopper"
Graph = dict[str, set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Files of a package by dotted name; a package itself stands for its `__init__.py`."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def import_graph(package: Path) -> Graph:
    """Every module of the package and the modules of it that it imports."""
    files = modules(package)
    graph: Graph = {}
    for name, path in files.items():
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}:{node.lineno}: a relative import"
                targets = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
                imported |= {target if target in files else str(node.module) for target in targets.values()}
        graph[name] = imported & files.keys() - {name}
    return graph


def sibling_graphs(graph: Graph) -> dict[str, Graph]:
    """For each package, the imports between its members: modules and subpackages, each subpackage as one node.

    The code of a package's own `__init__.py` is the member `__init__`.
    """
    levels: dict[str, Graph] = defaultdict(lambda: defaultdict(set))
    for importer, targets in graph.items():
        for target in targets:
            left, right = f"{importer}.__init__".split("."), f"{target}.__init__".split(".")
            shared = next(place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b)
            levels[".".join(left[:shared])][left[shared]].add(right[shared])
    return levels


def cycle_of(graph: Graph) -> list[str]:
    """One import cycle, each name imported by the one after it; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_import_cycle_between_modules() -> None:
    assert cycle_of(import_graph(PACKAGE)) == []


def test_no_import_cycle_between_packages() -> None:
    cycles = {package: cycle_of(siblings) for package, siblings in sibling_graphs(import_graph(PACKAGE)).items()}
    assert {package: cycle for package, cycle in cycles.items() if cycle} == {}


@pytest.mark.parametrize("condition", ["", "if TYPE_CHECKING:\n    ", "def f() -> None:\n    "])
def test_an_import_cycle_is_found(tmp_path: Path, condition: str) -> None:
    for package, imported in (("first", "pkg.second.b"), ("second", "pkg.first.a")):
        folder = tmp_path / "pkg" / package
        folder.mkdir(parents=True)
        name = "a" if package == "first" else "b"
        (folder / f"{name}.py").write_text(f"{condition}import {imported}\n")
    graph = import_graph(tmp_path / "pkg")
    assert set(cycle_of(graph)) == {"pkg.first.a", "pkg.second.b"}
    assert set(cycle_of(sibling_graphs(graph)["pkg"])) == {"first", "second"}
