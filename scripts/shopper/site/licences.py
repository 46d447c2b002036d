"""`python -m shopper.site.licences > docs/licences.md`: the licence of every pinned package, from its own metadata."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from shopper.project import project_root

_TEXT: Final = """# Licences of what the project installs
Every package of `requirements.txt` (what the project asks for, what that brings, what checks and tests need), with the
licence that the installed package states. Made by `python -m shopper.site.licences > docs/licences.md`; a test compares
it with what is installed.

| package | licence |
|---|---|
"""
_LONGEST: Final = 60


def pinned(requirements: Path) -> list[str]:
    """Names of the packages of a requirements file, in its order."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [line.split("==")[0].split("[")[0] for line in lines if re.match(r"[A-Za-z0-9]", line)]


def licence(name: str) -> str | None:
    """The licence that an installed package states: as an expression, else by classifiers, else in its own words. None
    if it is not installed.
    """
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return None
    expression, own = (" ".join(found.get_all(key) or []).strip() for key in ("License-Expression", "License"))
    classified = [one.split(" :: ")[-1] for one in found.get_all("Classifier") or [] if one.startswith("License ::")]
    specific = [one for one in classified if one != "OSI Approved"]
    words = own.splitlines()[0].strip() if own else ""
    return expression or " / ".join(specific) or (words if len(words) <= _LONGEST else "") or "not stated"


def page(root: Path) -> Iterator[str]:
    """The page, in parts."""
    yield _TEXT
    for name in pinned(root / "requirements.txt"):
        found = licence(name)
        if found is not None:
            yield f"| {name} | {found} |\n"


if __name__ == "__main__":
    sys.stdout.writelines(page(project_root()))
