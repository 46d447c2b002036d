"""The folder that BI reads: complete generations, and one symbolic link to the current one.

    published/generations/<id>/<stem>.duckdb     schemas marts, reference and audit; audit.generation has the id
    published/generations/<id>/parquet/<schema>/<table>.parquet
    published/generations/<id>/generation.json   id, rows by table, labels, id of the previous generation
    published/generations/<id>/report.html       report of `shopper run`, with report.json
    published/current -> generations/<id>
    published/<stem>.duckdb -> current/<stem>.duckdb, and report.html likewise

A reader that opens a file through the link keeps one complete generation until it closes the file. A reader of several
Parquet files must resolve `current` once and read them below that path. Ids sort by age.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from shopper.errors import BadInput

REPORT: Final = "report.html"
_BUILDING: Final = ".building-"
_REMOVED: Final = ".removed-"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Keep:
    """Which generations to keep: the newest `generations` of any age, and all younger than `days`."""

    generations: int = 3
    days: int = 0


class Generations:
    """The generations in one publish folder. Callers must hold its lock to change anything."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the publish folder, which need not exist."""
        self.folder = folder
        self._home = folder / "generations"
        self._link = folder / "current"

    def ids(self) -> list[str]:
        """Ids of the complete generations, oldest first."""
        if not self._home.is_dir():
            return []
        return sorted(path.name for path in self._home.iterdir() if path.is_dir() and not path.name.startswith("."))

    def current(self) -> str | None:
        """Id of the current generation; None before the first."""
        return self._link.readlink().name if self._link.is_symlink() else None

    def manifest(self, generation: str) -> dict[str, Any]:
        """Content of `generation.json`; empty if it is missing or unreadable."""
        try:
            found = json.loads((self.path(generation) / "generation.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def before(self, generation: str) -> str | None:
        """The generation that was current before this one; if it was removed, the newest older one; None if none."""
        followed = self.manifest(generation).get("follows")
        older = [kept for kept in self.ids() if kept < generation]
        return followed if followed in older else max(older, default=None)

    def path(self, generation: str) -> Path:
        """The folder of a generation."""
        return self._home / generation

    def next_id(self, now: datetime) -> str:
        """A new id: UTC time to the second and a number. It sorts after all others, even if the clock went back."""
        stamp = now.astimezone(UTC).strftime(_STAMP)
        newest = max(self.ids(), default="")
        if newest[: len(stamp)] < stamp:
            return f"{stamp}-001"
        return f"{newest[: len(stamp)]}-{int(newest.rpartition('-')[2]) + 1:03d}"

    def begin(self, generation: str) -> Path:
        """Create an empty folder to build in, beside the generations. First removes what killed runs left.

        Raises BadInput if `current` exists and is not a symbolic link.
        """
        if self._link.exists() and not self._link.is_symlink():
            raise BadInput(f"{self._link} is not a link; publishing would overwrite it")
        self._home.mkdir(parents=True, exist_ok=True)
        for path in self._home.iterdir():
            if path.name.startswith((_BUILDING, _REMOVED)):
                shutil.rmtree(path)
        building = self._home / f"{_BUILDING}{generation}"
        building.mkdir()
        return building

    def abandon(self, building: Path) -> None:
        """Remove the folder of a generation that was not finished."""
        shutil.rmtree(building, ignore_errors=True)

    def finish(self, building: Path, generation: str) -> None:
        """Turn the built folder into a generation: sync everything to disk, then rename it."""
        for path in sorted(building.rglob("*"), reverse=True):
            _sync(path)
        _sync(building)
        building.rename(self.path(generation))
        _sync(self._home)

    def switch(self, generation: str, stem: str) -> None:
        """Make a generation current, by one atomic change of the link."""
        _replace_link(self._link, Path("generations") / generation)
        for name in (f"{stem}.duckdb", REPORT):
            link, target = self.folder / name, Path("current") / name
            if not (link.is_symlink() and link.readlink() == target):
                _replace_link(link, target)

    def prune(self, keep: Keep, now: datetime) -> list[str]:
        """Remove the generations that need not be kept, never the current one. Open files stay readable.

        A generation that can't be removed is left for the next call. Returns the removed ids.
        """
        young = (now.astimezone(UTC) - timedelta(days=keep.days)).strftime(_STAMP)
        ids = self.ids()
        kept = {*ids[-keep.generations :], *(kept for kept in ids if kept >= young), self.current()}
        removed = []
        for generation in ids:
            if generation not in kept and self._remove(generation):
                removed.append(generation)
        return removed

    def _remove(self, generation: str) -> bool:
        aside = self._home / f"{_REMOVED}{generation}"
        try:
            self.path(generation).rename(aside)
        except OSError:
            return False
        shutil.rmtree(aside, ignore_errors=True)
        return True


def _replace_link(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    _sync(link.parent)


def _sync(path: Path) -> None:
    """Flush a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
