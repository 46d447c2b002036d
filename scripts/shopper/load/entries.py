"""Checks of YAML entries, with their position in messages; suggestions for misspelt names."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from shopper.errors import BadInput


def closest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Known names similar to this one, best first. Case, spaces, dots, hyphens and underscores are ignored."""
    plain = {_plain(known_name): known_name for known_name in sorted(known)}
    return [plain[match] for match in get_close_matches(_plain(name), plain, n=limit, cutoff=0.6)]


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean a or b?` if there are similar names, else `; expected one of ...`."""
    names = sorted(known)
    close = closest(name, names)
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; expected one of {', '.join(names)}" if names else ""


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


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character not in " _-.")
