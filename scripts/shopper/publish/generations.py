"""The folder that BI reads: whole generations side by side, and one link that says which of them is current.

    published/generations/<id>/<stem>.duckdb     marts, reference and audit as tables; audit.generation says the id
    published/generations/<id>/parquet/<schema>/<table>.parquet
    published/generations/<id>/generation.json   id, tables and their rows, labels, the generation that it followed
    published/generations/<id>/report.html       of `shopper run`, with report.json
    published/current -> generations/<id>
    published/<stem>.duckdb -> current/<stem>.duckdb, and report.html likewise

A reader that opens the link reads one generation, whole, for as long as it holds the file. Who reads several Parquet
files resolves `current` once and reads below that. Ids sort by age.
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
    """Which generations stay: the newest `generations` whatever their age, and all younger than `days`."""

    generations: int = 3
    days: int = 0


class Generations:
    """The generations below one publish folder. Callers hold the folder's lock while they change anything."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the publish folder; it need not exist yet."""
        self.folder = folder
        self._home = folder / "generations"
        self._link = folder / "current"

    def ids(self) -> list[str]:
        """Ids of the whole generations, oldest first."""
        if not self._home.is_dir():
            return []
        return sorted(path.name for path in self._home.iterdir() if path.is_dir() and not path.name.startswith("."))

    def current(self) -> str | None:
        """The id that readers get, or None before the first."""
        return self._link.readlink().name if self._link.is_symlink() else None

    def manifest(self, generation: str) -> dict[str, Any]:
        """What `generation.json` says; nothing where it is missing or unreadable."""
        try:
            found = json.loads((self.path(generation) / "generation.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def before(self, generation: str) -> str | None:
        """What readers had before this generation, where it is still kept, else the newest that is older."""
        followed = self.manifest(generation).get("follows")
        older = [kept for kept in self.ids() if kept < generation]
        return followed if followed in older else max(older, default=None)

    def path(self, generation: str) -> Path:
        """The folder of a generation."""
        return self._home / generation

    def next_id(self, now: datetime) -> str:
        """An id above all others: UTC time to the second and a number, also when the clock went back."""
        stamp = now.astimezone(UTC).strftime(_STAMP)
        newest = max(self.ids(), default="")
        if newest[: len(stamp)] < stamp:
            return f"{stamp}-001"
        return f"{newest[: len(stamp)]}-{int(newest.rpartition('-')[2]) + 1:03d}"

    def begin(self, generation: str) -> Path:
        """An empty folder to build in, beside the generations; what killed runs left is cleared away first.

        Raises BadInput when `current` is something else than a link, which is then left alone.
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
        """Clear away a folder that did not become a generation."""
        shutil.rmtree(building, ignore_errors=True)

    def finish(self, building: Path, generation: str) -> None:
        """Make a built folder a generation: everything on disk first, then its name."""
        for path in sorted(building.rglob("*"), reverse=True):
            _sync(path)
        _sync(building)
        building.rename(self.path(generation))
        _sync(self._home)

    def switch(self, generation: str, stem: str) -> None:
        """Let readers have a generation: one atomic change of the link."""
        _replace_link(self._link, Path("generations") / generation)
        for name in (f"{stem}.duckdb", REPORT):
            link, target = self.folder / name, Path("current") / name
            if not (link.is_symlink() and link.readlink() == target):
                _replace_link(link, target)

    def prune(self, keep: Keep, now: datetime) -> list[str]:
        """Remove the generations that need not be kept, never the current one; readers that hold one keep it open.

        One that can't be removed stays for the next time.
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
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
