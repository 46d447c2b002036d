"""The order in which an engine that runs SQL only builds the project: SQL, the Python models it leads to, SQL again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pass:
    """One build of SQL and the Python models, in order, whose inputs are complete after it.

    select and exclude: dbt's selection of the build. Both empty, with no models to fit: everything at once.
    """

    select: tuple[str, ...]
    exclude: tuple[str, ...]
    fits: tuple[str, ...]


def passes(manifest: Mapping[str, Any]) -> list[Pass]:
    """The builds of a project, from its parsed manifest. The last one fits nothing.

    Tests of the Python models themselves are in none of them; see `python_models`.
    """
    waves = _waves(manifest)
    python = [node for node in waves if _is_python(manifest["nodes"][node])]
    count = max((waves[node] for node in python), default=-1) + 1
    fits = [tuple(_name(node) for node in python if waves[node] == wave) for wave in range(count)] + [()]
    every = tuple(name for group in fits for name in group)
    built = []
    for wave, names in enumerate(fits):
        later = tuple(f"{name}+" for group in fits[wave:] for name in group)
        earlier = () if wave == 0 else tuple(f"{name}+" for name in fits[wave - 1])
        built.append(Pass(earlier, later if wave == 0 else (*every, *later), names))
    return built


def python_models(manifest: Mapping[str, Any]) -> list[str]:
    """Names of the Python models, parents before children."""
    return [_name(node) for node in _waves(manifest) if _is_python(manifest["nodes"][node])]


def _waves(manifest: Mapping[str, Any]) -> dict[str, int]:
    """For every model, parents first: how many rounds of fits come before it."""
    nodes = manifest["nodes"]
    waves: dict[str, int] = {}

    def wave(node: str) -> int:
        if node not in waves:
            parents = [parent for parent in nodes[node]["depends_on"]["nodes"] if parent.startswith("model.")]
            is_python = _is_python(nodes[node])
            # SQL waits for the round that fits its parent; a Python model is fitted right after its Python parents.
            waits = [wave(parent) + (_is_python(nodes[parent]) and not is_python) for parent in parents]
            waves[node] = max(waits, default=0)
        return waves[node]

    for node in nodes:
        if node.startswith("model."):
            wave(node)
    return waves


def _is_python(node: Mapping[str, Any]) -> bool:
    return str(node["original_file_path"]).endswith(".py")


def _name(node: str) -> str:
    return node.split(".")[2]
