"""What MkDocs asks while it builds the site: anchors as GitHub makes them, patterns in the list of pages.

It runs in the environment of the site, which has nothing of the project but this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """The configuration with both in place."""
    config.mdx_configs["toc"]["slugify"] = anchor
    config.nav = expanded(config.nav, Path(config.docs_dir))
    return config


def anchor(title: str, separator: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", separator)


def expanded(listed: list[Any], folder: Path) -> list[Any]:
    """The list of pages; a pattern stands for the files of the folder that match and have no entry of their own."""
    named = set(_names(listed))

    def entries(entry: Any) -> list[Any]:
        if isinstance(entry, dict):
            return [{title: flat(held) if isinstance(held, list) else held for title, held in entry.items()}]
        if "*" not in entry:
            return [entry]
        found = (path.relative_to(folder).as_posix() for path in sorted(folder.glob(entry)))
        return [name for name in found if name not in named]

    def flat(held: list[Any]) -> list[Any]:
        return [name for entry in held for name in entries(entry)]

    return flat(listed)


def _names(listed: Any) -> Iterator[str]:
    if isinstance(listed, str):
        yield listed
    else:
        for held in listed.values() if isinstance(listed, dict) else listed:
            yield from _names(held)
