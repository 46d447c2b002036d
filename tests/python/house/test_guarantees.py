"""Every test that docs/guarantees.md and docs/security.md name exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from running import ROOT
from shopper.generate.faults import faults

PAGES = [ROOT / "docs" / name for name in ("guarantees.md", "security.md")]
NAMED = [found for page in PAGES for found in re.findall(r"`(python|unit|data|fault):([^`]+)`", page.read_text())]


def python_tests() -> set[str]:
    """Every Python test as `folder/file.py::name`, without `test_`."""
    folder = ROOT / "tests" / "python"
    found = set()
    for path in folder.rglob("test_*.py"):
        names = [node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
        tests = [name.removeprefix("test_") for name in names if name.startswith("test_")]
        found |= {f"{path.relative_to(folder)}::{name}" for name in tests}
    return found


def unit_tests() -> set[str]:
    files = (ROOT / "models").rglob("*unit_tests.yml")
    return {test["name"] for path in files for test in yaml.safe_load(path.read_text())["unit_tests"]}


def data_tests() -> set[str]:
    return {path.stem for path in (ROOT / "tests").rglob("*.sql") if "python" not in path.parts}


KNOWN: dict[str, Callable[[], set[str]]] = {
    "python": python_tests,
    "unit": unit_tests,
    "data": data_tests,
    "fault": lambda: {fault.name for fault in faults()},
}


@pytest.mark.parametrize("kind", KNOWN)
def test_a_named_test_exists(kind: str) -> None:
    named = {name for found, name in NAMED if found == kind}
    assert named and not named - KNOWN[kind]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_line_of_a_table_names_a_test(page: Path) -> None:
    text = page.read_text().split("# What is promised")[-1].split("fails the build.")[-1]
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--")]
    bare = [line for line in lines if not re.search(r"`(python|unit|data|fault):", line)]
    assert all(line.split("|")[2].strip() == "held by" for line in bare)
