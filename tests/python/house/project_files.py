"""SQL files of the project, for the house rules."""

from __future__ import annotations

import re
from pathlib import Path

from running import ROOT

MODELS = sorted((ROOT / "models").rglob("*.sql"))
MACROS = sorted((ROOT / "macros").rglob("*.sql"))
# Not those of the other project that a Python test builds.
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.sql") if ROOT / "tests/python" not in path.parents)
ANALYSES = sorted((ROOT / "analyses").rglob("*.sql"))


def sql_of(path: Path) -> str:
    """The file without comments."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"--[^\n]*", "", text)


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Places where the pattern occurs, as `models/x.sql: <text>`."""
    return [f"{path.relative_to(ROOT)}: {found[0]}" for path in paths for found in pattern.finditer(sql_of(path))]
