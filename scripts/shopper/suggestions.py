"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

_MOST_NAMED: Final = 3
_MOST_LISTED: Final = 40


def closest(name: str, known: Iterable[str], limit: int = _MOST_NAMED) -> list[str]:
    """Known names similar to this one, best first. Case, spaces, dots, hyphens and underscores are ignored."""
    plain = {_plain(known_name): known_name for known_name in sorted(known)}
    return [plain[match] for match in get_close_matches(_plain(name), plain, n=limit, cutoff=0.6)]


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean a or b?` if there are similar names or ones that hold this one, else `; expected one of ...`."""
    names = sorted(known)
    holding = [one for one in names if len(name) > 1 and _plain(name) in _plain(one)]
    close = closest(name, names) or holding[:_MOST_NAMED]
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; expected one of {listed(names)}" if names else ""


def listed(names: Sequence[str]) -> str:
    """The first of these names, and how many more there are."""
    more = f" and {len(names) - _MOST_LISTED:,} more" if len(names) > _MOST_LISTED else ""
    return f"{', '.join(names[:_MOST_LISTED])}{more}"


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character not in " _-.")
