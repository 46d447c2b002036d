"""What tests of operations share: a small project and a shop of it that is built and published."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from operated_shop import Shop

from running import ROOT
from shopper.bench.endurance.processes import Processes
from shopper.bench.endurance.small_project import small_project


@dataclass(frozen=True)
class Operated:
    """What is made once: `first` as it was after its first run, and `second`, whose only run had a day more."""

    place: Path
    first: Path
    second: Path
    project: Path
    processes: Processes


@pytest.fixture(scope="session")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Operated:
    """Two shops of the small project, each run once in its own place."""
    place = tmp_path_factory.mktemp("operations")
    project, processes = small_project(ROOT, place / "project"), Processes(place)
    for version, name in enumerate(("shop", "second")):
        made = Shop(place / name, project, processes)
        made.folder.mkdir()
        made.orders(version)
        made.configure()
        call = made.run()
        assert call.process.exitcode == 0, call.output
    shutil.move(place / "shop", place / "first")
    return Operated(place / "shop", place / "first", place / "second", project, processes)


@pytest.fixture
def shop(operated: Operated) -> Shop:
    """A shop that the test may do anything with. It is always in the same place, since dbt parses anew in another."""
    shutil.rmtree(operated.place, ignore_errors=True)
    shutil.copytree(operated.first, operated.place, symlinks=True)
    return Shop(operated.place, operated.project, operated.processes)


@pytest.fixture(scope="session")
def never_killed(operated: Operated) -> Path:
    """The published file of a run on the orders of version 1 that nothing disturbed."""
    return operated.second / "published" / "shop.duckdb"


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, str], None]]:
    """Mounts a file system in memory with the options given; the test is skipped where that is not permitted."""
    mounted: list[Path] = []

    def mount(folder: Path, options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("no mount command here")
        if done.returncode != 0:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)
