"""Checks of YAML entries, with their position in messages."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

from shopper.errors import BadInput
from shopper.suggestions import suggestion


def only_keys(entry: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Raises BadInput for a key that is not allowed."""
    allowed = tuple(allowed)
    for key in entry:
        if key not in allowed:
            raise BadInput(f"{where}: unknown key {key}{suggestion(str(key), allowed)}")


def text_of(entry: Mapping[str, Any], key: str, where: str) -> str | None:
    """The text of a key, None if the key is absent. Raises BadInput for anything but text."""
    if entry.get(key) is None:
        return None
    if not isinstance(entry[key], str):
        raise BadInput(f"{where}.{key}: expected text, got {reprlib.repr(entry[key])}")
    if "\0" in entry[key]:
        raise BadInput(f"{where}.{key}: expected text, got a NUL character")
    return str(entry[key])
