"""The short form of `python -m shopper.bench.endurance --full-disk`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from operated_shop import Shop

from shopper.bench.endurance.full_disks import fill_disks
from shopper.bench.endurance.kills import Shop as Filled

Mount = Callable[[Path, str], None]


def test_a_disk_that_gets_full_during_a_run_does_no_harm(shop: Shop, never_killed: Path, small_disk: Mount) -> None:
    disk = shop.folder / "disk"
    small_disk(disk, "size=200m")
    shop.orders(version=1)
    shop.configure(warehouse="disk/shop.duckdb", publish="disk/published")
    filled = Filled([shop.config], disk / "published", shop.environment)
    first = filled.start(shop.processes, 0)
    assert first.wait() == 0, first.output
    figures = fill_disks(filled, never_killed, disk, shop.processes, print, [("build: started", 0.0)])
    assert figures.problems == []
    assert figures.ended == {"build: started: exit code 1": 1} and figures.recovered == 1
