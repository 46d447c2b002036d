"""The folder that BI reads: complete generations, and one symbolic link to the current one.

    published/generations/<id>/<stem>.duckdb     schemas marts, reference, audit; audit.generation has the id,
                                                 meta what all of it means
    published/generations/<id>/parquet/<schema>/<table>.parquet
    published/generations/<id>/metrics.json      catalogue of the metrics (`shopper.metrics.catalogue`)
    published/generations/<id>/osi_document.json the semantic layer in the open interchange format
    published/generations/<id>/generation.json   id, rows by table, labels, id of the previous generation
    published/generations/<id>/<stem>.ducklake   with the option: a DuckLake catalog over the Parquet files
    published/generations/<id>/report.html       report of `shopper run`, with report.json
    published/current -> generations/<id>
    published/<stem>.duckdb -> current/<stem>.duckdb; <stem>.ducklake and report.html likewise where there is one

A reader that opens a file through the link keeps one complete generation until it closes the file. A reader of several
Parquet files must resolve `current` once and read them below that path. Generations are ordered by `number` in
`generation.json`, which counts publications: a clock may go wrong. Anything else in `generations/` is left alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from shopper.errors import BadInput

REPORT: Final = "report.html"
JSON_REPORT: Final = "report.json"
LONGEST_KEEP: Final = 36_500
"""Most days for which generations can be kept."""
_BUILDING: Final = ".building-"
_REMOVED: Final = ".removed-"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_ID: Final = re.compile(r"\d{8}T\d{6}Z-\d{3,}")


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
        """Ids of the complete generations, in the order of their publication."""
        if not self._home.is_dir():
            return []
        names = [path.name for path in self._home.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]
        return sorted(names, key=lambda name: (self._number(name), name))

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

    def leftovers(self, generation: str) -> list[str]:
        """Names of all generations but this one, sorted, with those that were begun or renamed but not deleted."""
        own = (path.name for path in self._home.iterdir() if _ID.search(path.name))
        return sorted(name for name in own if name != generation)

    def before(self, generation: str) -> str | None:
        """The generation that was current before this one; if it was removed, the newest older one; None if none."""
        followed, ids = self.manifest(generation).get("follows"), self.ids()
        older = ids[: ids.index(generation)] if generation in ids else []
        return followed if followed in older else next(reversed(older), None)

    def path(self, generation: str) -> Path:
        """The folder of a generation."""
        return self._home / generation

    def next_id(self, now: datetime) -> str:
        """A new id: UTC time to the second, and the first number that is free."""
        stamp = now.astimezone(UTC).strftime(_STAMP)
        used = {path.name for path in self._home.iterdir()} if self._home.is_dir() else set()
        numbered = (f"{stamp}-{number:03d}" for number in count(1))
        return next(name for name in numbered if name not in used)

    def next_number(self) -> int:
        """The number of the next publication, from 1."""
        return max(map(self._number, self.ids()), default=0) + 1

    def _number(self, generation: str) -> int:
        """The place in the order of publication; 0 for a generation of a release that did not count."""
        number = self.manifest(generation).get("number", 0)
        return number if isinstance(number, int) else 0

    def require_own(self, stem: str) -> None:
        """Raises BadInput if publishing `<stem>.duckdb` would replace something else in the folder, if the folder is
        among what another folder publishes, or if it can't be used.
        """
        try:
            self._require_own(stem)
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle.
            reason = error.strerror if isinstance(error, OSError) else error
            raise BadInput(f"{self.folder} can't be used ({reason}). Nothing was published") from error

    def _require_own(self, stem: str) -> None:
        place = self.folder.resolve()
        for home in (place, *place.parents):
            if home.name == self._home.name and (home.parent / self._link.name).is_symlink():
                raise BadInput(
                    f"{self.folder} is where {home.parent} keeps its generations; publish to a folder of its own."
                    " Nothing was published"
                )
        for link in (self._link, *(self.folder / name for name in _files(stem))):
            if link.exists() and not link.is_symlink():
                raise BadInput(f"{link} is not a link; publishing would overwrite it. Nothing was published")
        others = [path for path in self.folder.glob("*.duckdb") if path.is_symlink() and path.stem != stem]
        published = [path.stem for path in others if path.readlink() == Path("current") / path.name]
        if published and self.current():
            raise BadInput(
                f"{self.folder} publishes {published[0]}.duckdb; publish {stem}.duckdb to a folder of its own."
                " Nothing was published"
            )

    def begin(self, generation: str) -> Path:
        """Create an empty folder to build in, beside the generations. First removes what killed runs left."""
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
        """Make a generation current, by one atomic change of the link. No other link points to nothing at any time."""
        names = [name for name in _files(stem) if (self.path(generation) / name).exists()]
        for name in set(_files(stem)) - set(names):
            (self.folder / name).unlink(missing_ok=True)
        _replace_link(self._link, Path("generations") / generation)
        for name in names:
            link, target = self.folder / name, Path("current") / name
            if not (link.is_symlink() and link.readlink() == target):
                _replace_link(link, target)

    def prune(self, keep: Keep, now: datetime, previous: str | None = None) -> list[str]:
        """Remove the generations that need not be kept, never the current one nor `previous`, which readers may still
        resolve. Open files stay readable.

        A generation that can't be removed is left for the next call. Returns the removed ids.
        """
        newest = now.astimezone(UTC).strftime(_STAMP)
        oldest = (now.astimezone(UTC) - timedelta(days=keep.days)).strftime(_STAMP)
        ids = self.ids()
        # A stamp in the future comes from a clock that ran ahead: it says nothing about the age.
        young = (kept for kept in ids if oldest <= kept[: len(oldest)] <= newest)
        kept = {*ids[-keep.generations :], *young, self.current(), previous}
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


def _files(stem: str) -> tuple[str, ...]:
    """Files of a generation that have a link of their own in the folder."""
    return f"{stem}.duckdb", f"{stem}.ducklake", REPORT


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
