"""The vars of the project: declared, checked, documented, and called with their declared default."""

from __future__ import annotations

import re
from typing import Any

import yaml
from project_files import MACROS, MODELS, TESTS, sql_of

from running import ROOT

VAR_CALL = re.compile(r"\bvar\(\s*(['\"])(\w+)\1\s*(?:,\s*(['\"]?)([^'\")]*)\3)?\s*\)")


def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml with their defaults."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return loaded


def test_vars_are_declared_checked_and_documented() -> None:
    checked = re.findall(r"^\s+'(\w+)': \{", (ROOT / "macros/checks/check_vars.sql").read_text(encoding="utf-8"), re.M)
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/vars.md").read_text(encoding="utf-8"), re.M)
    assert sorted(checked) == sorted(project_vars())
    assert sorted(documented) == sorted(project_vars())


def test_vars_are_called_with_their_declared_default() -> None:
    declared = {name: "none" if value is None else str(value) for name, value in project_vars().items()}
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in [*MODELS, *MACROS, *TESTS]
        for found in VAR_CALL.finditer(sql_of(path))
        if found[4] is None or declared.get(found[2]) != found[4].strip()
    ]
    assert wrong == []
