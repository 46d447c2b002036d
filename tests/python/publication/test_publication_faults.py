"""Faults around a publication: broken links, half-deleted generations, disks, few open files, locks of the dead."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from running import ROOT
from shopper.errors import BadInput
from shopper.export import exporting
from shopper.export.exporting import Export, export
from shopper.locks import exclusive
from shopper.publish.generations import Generations, Keep
from shopper.publish.publishing import publish

NOW = datetime(2024, 1, 31, 3, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A publish folder with one generation of two marts; the working file has twice the rows by now."""
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create schema marts; create table marts.customer_tags as"
            " select 'c' || range as customer_id, 'rfm' as tag_group, 'x' as tag from range(500)"
        )
    publish(warehouse, tmp_path / "published", Keep(), NOW)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("insert into marts.customer_tags from marts.customer_tags")
    return tmp_path / "published"


def again(folder: Path) -> str:
    return publish(folder.parent / "shop.duckdb", folder, Keep(1), NOW + timedelta(days=1)).id


def seen(folder: Path) -> int:
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        row = connection.execute("select count(*) from marts.customer_tags").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("target", ["generations/20200101T000000Z-001", "../elsewhere", "current"])
def test_a_link_that_points_to_nothing_is_replaced(target: str, folder: Path) -> None:
    (folder / "current").unlink()
    (folder / "current").symlink_to(target)
    published = again(folder)
    assert Generations(folder).current() == published and seen(folder) == 1000


def test_a_half_deleted_generation_is_neither_current_nor_in_the_way(folder: Path) -> None:
    """Its file is gone and its folder is not, as a killed deletion leaves it."""
    first = Generations(folder).current()
    assert first is not None
    for path in (folder / "current").rglob("*"):
        if path.is_file():
            path.unlink()
    published = again(folder)
    assert (Generations(folder).current(), seen(folder)) == (published, 1000)
    later = publish(folder.parent / "shop.duckdb", folder, Keep(1), NOW + timedelta(days=2))
    assert first in later.removed or first not in Generations(folder).ids()


def test_files_are_on_disk_before_the_link_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    at_the_switch: list[set[Path]] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    def note_switch(path: Path, target: Path) -> Path:
        if target.name == "current":
            at_the_switch.append({one.relative_to(folder / "generations") for one in synced
                                  if folder / "generations" in one.parents})  # fmt: skip
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_switch)
    published = again(folder)
    place = folder / "generations" / published
    assert len(at_the_switch) == 1
    assert {path.relative_to(place) for path in place.rglob("*")} <= {
        Path(*path.parts[1:]) for path in at_the_switch[0] if path.parts[0] == f".building-{published}"
    }
    assert synced[-1] in {folder, *folder.iterdir()} and folder / "generations" in synced


def few_files() -> None:
    """In the new process: at most 64 files may be open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def shopper(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SHOPPER_PROJECT": str(ROOT)}
    command = [sys.executable, "-m", "shopper", *map(str, arguments)]
    return subprocess.run(
        command, env=environment, preexec_fn=few_files, capture_output=True, text=True, check=False, timeout=120
    )


def test_64_open_files_are_enough(folder: Path, tmp_path: Path) -> None:
    """To load 150 files, to publish 100 marts."""
    (tmp_path / "orders").mkdir()
    for number in range(150):
        (tmp_path / f"orders/{number}.csv").write_text(f"order_id,ordered_at\n{number},2024-01-31\n")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: orders, format: csv}}\ntables: {orders: {source: shop}}\n")
    loaded = shopper("load", mapping, "--warehouse", tmp_path / "loaded.duckdb")
    assert loaded.returncode == 0, loaded.stderr
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        for number in range(100):
            connection.execute(f"create table marts.mart_{number} as from range(3)")
        connection.execute(
            "create schema landing; create table landing.last_build as select 'id' as invocation_id,"
            " 'build' as command, 'source' as raw_data, null::varchar as landed_digest, true as is_whole,"
            " 0::bigint as failures"
        )
    published = shopper("publish", "--warehouse", tmp_path / "shop.duckdb", "--to", folder)
    assert published.returncode == 0, published.stderr
    assert len(list((folder / "current/parquet/marts").iterdir())) == 101


def test_the_lock_of_a_dead_process_is_free_whoever_has_its_number(tmp_path: Path) -> None:
    """What the lock file says is only shown: the operating system knows who holds it."""
    lock = tmp_path / "shop.duckdb.lock"
    lock.write_text(f"process {os.getppid()} (shopper run) since 2020-01-01 00:00:00 UTC")
    with exclusive(lock, "shopper load"):
        assert lock.read_text().startswith(f"process {os.getpid()} (shopper load)")


@pytest.fixture
def lists(folder: Path, tmp_path: Path) -> Path:
    """A list that was exported once; the published rows have doubled since."""
    export(folder, "shop", [Export("tags", str(tmp_path / "lists"))])
    again(folder)
    return tmp_path / "lists"


def content(lists: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in lists.iterdir()}


def test_a_full_disk_keeps_the_list_that_was_there(folder: Path, lists: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second file of the list can't be written."""
    before = content(lists)
    monkeypatch.setattr(
        exporting, "formula_safe", lambda _name, _kind: "error('No space left on device') as customer_id"
    )
    with pytest.raises(BadInput, match="No space left on device"):
        export(folder, "shop", [Export("tags", str(lists))])
    assert content(lists) == before


@pytest.mark.parametrize("at", ["writing", "replacing"])
def test_a_killed_export_leaves_whole_lists_and_the_next_one_completes_it(at: str, folder: Path, lists: Path) -> None:
    before = content(lists)
    child = os.fork()
    if child == 0:
        end: Callable[..., object] = lambda *_arguments: os._exit(9)  # noqa: E731
        if at == "writing":
            exporting.formula_safe = end
        else:
            Path.replace = end
        try:
            exporting._write((folder / "current").resolve(), "shop", Export("tags", str(lists)))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = content(lists)
    assert {name: left[name] for name in before} == before and len(left) > len(before)
    export(folder, "shop", [Export("tags", str(lists))])
    after = content(lists)
    assert after.keys() == before.keys() and len(after["tags.csv"]) > len(before["tags.csv"])
