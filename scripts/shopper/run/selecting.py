"""Names in a selection, looked up among the project's files: a misspelt one is found before dbt parses the project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from shopper.errors import BadInput
from shopper.project import PROJECT_NAME
from shopper.suggestions import suggestion

# A name with graph operators, such as `2+kpi_daily+` or `@orders`; methods, paths and patterns are left to dbt.
_NAME: Final = re.compile(r"@?(?:\d*\+)?(\w+)(?:\+\d*)?")
_FOLDERS: Final = ("models", "seeds", "snapshots", "tests")
_SUFFIXES: Final = frozenset({".sql", ".py", ".csv"})


def require_known_names(selected: Iterable[str], root: Path) -> None:
    """Check the plain names among dbt selectors.

    Raises BadInput for one that is neither a model, a seed, a test in a file of its own, nor a folder of them.
    """
    known: set[str] = set()
    for term in selected:
        for part in term.split(","):
            found = _NAME.fullmatch(part)
            known = known or _names(root)
            if found and found[1] not in known:
                raise BadInput(f"select: {term}: no model, seed or folder is called {found[1]}{_hint(found[1], known)}")


def _names(root: Path) -> set[str]:
    """Names that dbt finds by a selector without a method: files, and the folders above them."""
    files = (path for name in _FOLDERS for path in (root / name).rglob("*") if path.suffix in _SUFFIXES)
    return {PROJECT_NAME, *(name for path in files for name in (path.stem, *path.parent.relative_to(root).parts))}


def _hint(name: str, known: set[str]) -> str:
    hint = suggestion(name, known)
    return hint if "did you mean" in hint else ""
