"""What columns.yml says of the columns of marts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from shopper.yaml_files import StrictLoader, read_yaml


@cache
def _said() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(Path(__file__).with_name("columns.yml"), StrictLoader)
    return loaded


def is_personal(mart: str, column: str) -> bool:
    """Whether a column of a mart tells of one person."""
    personal = _said()["personal"]
    return column in personal["all"] or column in personal.get(mart, ())


def is_additive(column: str) -> bool:
    """Whether the values of a column may be added over rows, as far as its name tells."""
    names = _said()["not_additive"]
    return column not in names and not any(f"~{word}" in names for word in column.split("_"))
