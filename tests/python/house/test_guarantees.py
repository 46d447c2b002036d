"""Every test that docs/guarantees.md and docs/security.md name exists."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from named_tests import PAGES, dbt_ran, named, python_ran
from running import ROOT
from shopper.generate.faults import faults


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
    assert named()[kind] and not named()[kind] - KNOWN[kind]()


def test_a_test_that_failed_or_was_skipped_did_not_run(tmp_path: Path) -> None:
    cases = {
        "passed": "", "passed[a]": "", "failed": "<failure/>", "mixed[a]": "", "mixed[b]": '<skipped message="no"/>',
        "without": '<skipped message="x is not here (looked in y)"/>',
    }  # fmt: skip
    text = "".join(
        f'<testcase classname="tests.python.a.test_b" name="test_{n}">{c}</testcase>' for n, c in cases.items()
    )
    (tmp_path / "unit.xml").write_text(f"<testsuites><testsuite>{text}</testsuite></testsuites>")
    assert python_ran(tmp_path) == {"a/test_b.py::passed", "a/test_b.py::without"}
    ids = {"unit_test.p.m.one": "pass", "test.p.two": "pass", "test.p.three": "fail"}
    results = [{"unique_id": name, "status": status} for name, status in ids.items()]
    (tmp_path / "build.json").write_text(json.dumps({"results": results}))
    assert dbt_ran(tmp_path) >= {"one", "two"} and "three" not in dbt_ran(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_line_of_a_table_names_a_test(page: Path) -> None:
    text = page.read_text().split("# What is promised")[-1].split("fails the build.")[-1]
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--")]
    bare = [line for line in lines if not re.search(r"`(python|unit|data|fault):", line)]
    assert all(line.split("|")[2].strip() == "held by" for line in bare)
