"""Which model reads which models, seeds and vars, from the models themselves: every reference is written out there.

No file of a dbt run is needed, so the lineage is there after `shopper run`, which writes no manifest, as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_COMMENT: Final = re.compile(r"\{#.*?#\}|--[^\n]*", re.S)
_REFERENCE: Final = re.compile(r"\bref\(\s*(['\"])(\w+)\1\s*\)")
_VARIABLE: Final = re.compile(r"\bvar\(\s*(['\"])(\w+)\1")


@dataclass(frozen=True)
class Lineage:
    """parents: model to the models and seeds that it reads. variables: model to its vars. defaults: var to its value in
    `dbt_project.yml`, which a run may override.
    """

    parents: Mapping[str, tuple[str, ...]]
    variables: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, Any]

    def path(self, mart: str, below: str) -> tuple[str, ...]:
        """The shortest path from a mart down to a model; empty without one."""
        paths: list[tuple[str, ...]] = [(mart,)]
        seen = {mart}
        for path in paths:
            if path[-1] == below:
                return path
            for parent in self.parents.get(path[-1], ()):
                if parent not in seen:
                    seen.add(parent)
                    paths.append((*path, parent))
        return ()

    def variables_of(self, models: Iterable[str]) -> dict[str, Any]:
        """The vars that these models read, with their defaults, sorted."""
        names = sorted({name for model in models for name in self.variables.get(model, ())})
        return {name: self.defaults.get(name) for name in names}


@cache
def read_lineage(root: Path) -> Lineage:
    """The lineage of the models in a project folder; empty if it has none."""
    paths = sorted(path for kind in ("sql", "py") for path in (root / "models").rglob(f"*.{kind}"))
    texts = {path.stem: _COMMENT.sub("", path.read_text(encoding="utf-8")) for path in paths}
    project = root / "dbt_project.yml"
    document = yaml.safe_load(project.read_text(encoding="utf-8")) if project.is_file() else {}
    return Lineage(
        {name: _named(_REFERENCE, text) for name, text in texts.items()},
        {name: _named(_VARIABLE, text) for name, text in texts.items()},
        document.get("vars", {}),
    )


def _named(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(sorted({found[2] for found in pattern.finditer(text)}))
