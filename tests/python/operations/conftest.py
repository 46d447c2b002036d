"""Shared fixtures: a small project, and a built and published shop of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from operated_shop import Shop

from running import ROOT
from shopper.bench.endurance.full_disks import small_disk as mounted_disk
from shopper.bench.endurance.processes import Processes
from shopper.bench.endurance.small_project import small_project


@dataclass(frozen=True)
class Operated:
    """Shops that are built once: `first` after its first run, and `second`, whose only run had one more day."""

    place: Path
    first: Path
    second: Path
    project: Path
    processes: Processes


@pytest.fixture(scope="session")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Operated:
    """Two shops of the small project, each run once in its own folder."""
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
    """A shop that the test may change. It is always in the same folder, so that dbt need not parse again."""
    shutil.rmtree(operated.place, ignore_errors=True)
    shutil.copytree(operated.first, operated.place, symlinks=True)
    return Shop(operated.place, operated.project, operated.processes)


@pytest.fixture(scope="session")
def never_killed(operated: Operated) -> Path:
    """The published file of an undisturbed run on the orders of version 1."""
    return operated.second / "published" / "shop.duckdb"


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, str], None]]:
    """Mounts a file system in memory with the given options. The test is skipped if that is not permitted."""
    with ExitStack() as mounted:

        def mount(folder: Path, options: str) -> None:
            try:
                mounted.enter_context(mounted_disk(folder, options))
            except PermissionError as error:
                pytest.skip(str(error))

        yield mount
