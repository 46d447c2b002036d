"""The tests that docs/guarantees.md and docs/security.md name. As a program: whether each of them ran and passed.

`target/ran/` has what ran: pytest's reports (`*.xml`), and dbt's run results of builds of the sample (`*.json`).
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from running import ROOT

PAGES: Final = [ROOT / "docs" / name for name in ("guarantees.md", "security.md")]
RAN: Final = ROOT / "target" / "ran"
_PASSED: Final = frozenset({"pass", "success"})
_NOT_ON_THIS_MACHINE: Final = re.compile("is not (?:permitted )?here")


def named() -> dict[str, set[str]]:
    """The named tests by kind: python, unit, data, fault."""
    found: dict[str, set[str]] = defaultdict(set)
    for page in PAGES:
        for kind, name in re.findall(r"`(python|unit|data|fault):([^`]+)`", page.read_text(encoding="utf-8")):
            found[kind].add(name)
    return found


def python_ran(folder: Path) -> set[str]:
    """Tests of pytest that passed, or that were skipped since real data is not on this machine."""
    found: set[str] = set()
    for report in folder.glob("*.xml"):
        passed: set[str] = set()
        others: set[str] = set()
        for case in ElementTree.parse(report).iter("testcase"):
            file = case.get("classname", "").removeprefix("tests.python.").replace(".", "/")
            name = f"{file}.py::{case.get('name', '').split('[')[0].removeprefix('test_')}"
            bad = [child for child in case if child.tag in {"failure", "error", "skipped"}]
            (others if any(not _NOT_ON_THIS_MACHINE.search(child.get("message", "")) for child in bad) else passed).add(
                name
            )
        found |= passed - others
    return found


def dbt_ran(folder: Path) -> set[str]:
    """Tests of dbt that passed: unit tests (`unit_test.project.model.name`) and data tests (`test.project.name`)."""
    results = [result for file in folder.glob("*.json") for result in json.loads(file.read_text("utf-8"))["results"]]
    parts = [result["unique_id"].split(".") for result in results if result["status"] in _PASSED]
    return {part[3 if part[0] == "unit_test" else 2] for part in parts}


def main() -> int:
    """Print the named tests that did not run; the exit code is 1 if there is one."""
    wanted, of_dbt = named(), dbt_ran(RAN)
    missing = {f"python:{name}" for name in wanted["python"] - python_ran(RAN)}
    missing |= {f"{kind}:{name}" for kind in ("unit", "data") for name in wanted[kind] - of_dbt}
    print("\n".join(sorted(missing)) or f"all {sum(map(len, wanted.values())):,} named tests ran and passed")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
