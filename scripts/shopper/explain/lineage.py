"""Which model reads which, from the models themselves: the house rules have every reference written out.

No file of a dbt run is needed, so the lineage is there after `shopper run`, which writes no manifest, as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

Lineage = Mapping[str, tuple[str, ...]]
"""Model to the models and seeds that it reads, by name, sorted."""

_COMMENT: Final = re.compile(r"\{#.*?#\}|--[^\n]*", re.S)
_REFERENCE: Final = re.compile(r"\bref\(\s*(['\"])(\w+)\1\s*\)")


@cache
def read_lineage(root: Path) -> Lineage:
    """The lineage of the models in a project folder; empty if it has none."""
    paths = sorted(path for kind in ("sql", "py") for path in (root / "models").rglob(f"*.{kind}"))
    return {path.stem: _read(path.read_text(encoding="utf-8")) for path in paths}


def _read(text: str) -> tuple[str, ...]:
    return tuple(sorted({found[2] for found in _REFERENCE.finditer(_COMMENT.sub("", text))}))


def path_between(lineage: Lineage, mart: str, below: str) -> tuple[str, ...]:
    """The shortest path from a mart down to a model; empty without one."""
    paths: list[tuple[str, ...]] = [(mart,)]
    seen = {mart}
    for path in paths:
        if path[-1] == below:
            return path
        for parent in lineage.get(path[-1], ()):
            if parent not in seen:
                seen.add(parent)
                paths.append((*path, parent))
    return ()
