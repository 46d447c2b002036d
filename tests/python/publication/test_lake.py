"""The DuckLake form of a publication: the same rows, one generation each, read by many while others are published."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from running import Shopper
from shopper.errors import BadInput
from shopper.extensions import PACKAGES
from shopper.publish.generations import Generations, Keep
from shopper.publish.lake import load_ducklake
from shopper.publish.publishing import publish
from shopper.publish.rollback import rollback

pytest.importorskip(PACKAGES["ducklake"], reason="DuckDB's extension is not installed (requirements.txt has it)")

NOW = datetime(2024, 1, 31, 3, 0, tzinfo=UTC)
READERS = int(os.environ.get("SHOPPER_LAKE_READERS", "10"))
PUBLICATIONS = int(os.environ.get("SHOPPER_LAKE_PUBLICATIONS", "5"))
"""`make endurance` has 50 readers during 20 publications."""
READ = "select count(*), count(distinct build), min(build), sum(amount) from lake.marts.orders"


def build(warehouse: Path, number: int, rows: int = 1000) -> None:
    """A warehouse whose every row tells the number of its build."""
    warehouse.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            f"create or replace table marts.orders as select 'order-' || range as order_id, {number} as build,"
            f" cast(1.25 as decimal(18, 2)) as amount from range({rows})"
        )
        connection.execute("create or replace table marts.refunds (refund_id varchar, amount decimal(18, 2))")
        connection.execute("comment on table marts.orders is 'One row per order.'")
        connection.execute("comment on column marts.orders.amount is 'In the currency of the shop.'")


def publish_lake(warehouse: Path, folder: Path, number: int, keep: int = 3) -> str:
    build(warehouse, number)
    return publish(warehouse, folder, Keep(keep), NOW + timedelta(minutes=number), ducklake=True).id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def lake(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    load_ducklake(connection)
    connection.execute(f"attach 'ducklake:{folder / 'shop.ducklake'}' as lake (read_only)")
    return connection


def test_the_lake_holds_the_published_tables_and_their_comments(warehouse: Path, folder: Path) -> None:
    publish_lake(warehouse, folder, 7)
    with lake(folder) as connection:
        assert connection.execute(READ).fetchone() == (1000, 1, 7, 1250)
        assert connection.execute("from lake.marts.refunds").fetchall() == []
        assert connection.execute("select count(*) from lake.audit.generation").fetchone() == (1,)
        commented = connection.execute(
            "select comment from duckdb_tables() where database_name = 'lake' and comment is not null"
            " union all select comment from duckdb_columns() where database_name = 'lake' and comment is not null"
        ).fetchall()
        assert commented == [("One row per order.",), ("In the currency of the shop.",)]
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("delete from lake.marts.orders")


def test_data_files_are_the_generations_parquet_files(warehouse: Path, folder: Path) -> None:
    publish_lake(warehouse, folder, 1)
    files = sorted(path.relative_to(folder / "current") for path in (folder / "current").rglob("*.parquet"))
    assert [str(path) for path in files] == [
        "parquet/audit/generation.parquet", "parquet/marts/orders.parquet", "parquet/marts/refunds.parquet",
    ]  # fmt: skip


def test_a_reader_keeps_its_generation_and_the_next_gets_the_new_one(warehouse: Path, folder: Path) -> None:
    publish_lake(warehouse, folder, 1)
    with lake(folder) as reader:
        publish_lake(warehouse, folder, 2)
        assert reader.execute(READ).fetchone() == (1000, 1, 1, 1250)
        with lake(folder) as next_reader:
            assert next_reader.execute(READ).fetchone() == (1000, 1, 2, 1250)


def test_rollback_and_publications_without_a_lake_move_the_link(warehouse: Path, folder: Path) -> None:
    publish_lake(warehouse, folder, 1)
    publish_lake(warehouse, folder, 2)
    rollback(folder)
    with lake(folder) as connection:
        assert connection.execute(READ).fetchone() == (1000, 1, 1, 1250)
    publish(warehouse, folder, Keep(), NOW + timedelta(hours=1))
    assert not (folder / "shop.ducklake").is_symlink()


def test_a_removed_generation_leaves_nothing_of_its_rows(warehouse: Path, folder: Path) -> None:
    first = publish_lake(warehouse, folder, 1)
    assert any(b"order-999" in path.read_bytes() for path in folder.rglob("*.ducklake"))
    build(warehouse, 2, rows=10)
    publish(warehouse, folder, Keep(1), NOW + timedelta(hours=1), ducklake=True)
    assert first in Generations(folder).ids()  # the previous one, which readers may still have
    Generations(folder).prune(Keep(1), NOW)
    assert first not in Generations(folder).ids()
    assert all(b"order-999" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with lake(folder) as connection:
        assert connection.execute("select count(*) from ducklake_snapshots('lake')").fetchone() == (2,)
        assert connection.execute("select max(order_id) from lake.marts.orders").fetchone() == ("order-9",)


def test_without_the_extension_nothing_is_published(
    warehouse: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, "ducklake", "duckdb_extension_none")
    build(warehouse, 1)
    with pytest.raises(BadInput, match="pip install duckdb-extension-ducklake=="):
        publish(warehouse, folder, Keep(), NOW, ducklake=True)
    assert not (folder / "current").exists() and list((folder / "generations").iterdir()) == []


def test_the_command_has_the_option(shopper: Shopper) -> None:
    assert "--ducklake" in shopper("publish", "--help").output


READER = """
import sys, time, duckdb
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shopper.publish.lake import load_ducklake

folder, query, readers = sys.argv[1:]

def read(_):
    connection, seen = duckdb.connect(config={"threads": 1}), []
    connection.execute("set enable_progress_bar = false")
    load_ducklake(connection)
    while not seen or not Path(folder, "done").exists():
        connection.execute(f"attach 'ducklake:{folder}/shop.ducklake' as lake (read_only)")
        count, builds, build, total = connection.execute(query).fetchone()
        assert (count, builds, total) == (1000, 1, 1250), (count, builds, total)
        seen.append(build)
        connection.execute("detach lake")
        if len(seen) == 1:
            print("reads\\n", end="", flush=True)
        time.sleep(0.1)
    assert seen == sorted(seen), seen
    return seen[-1]

with ThreadPoolExecutor(int(readers)) as pool:
    print(*pool.map(read, range(int(readers))))
"""


@pytest.fixture
def readers(warehouse: Path, folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Five processes of readers that attach the lake, read it and detach it, until the file `done` is there."""
    publish_lake(warehouse, folder, 0)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(folder), READ, str(READERS // 5)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(5)
    ]  # fmt: skip
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_many_read_while_generations_are_published(
    warehouse: Path, folder: Path, readers: list[subprocess.Popen[str]]
) -> None:
    for process in readers:
        assert process.stdout
        for _ in range(READERS // 5):
            while "reads" not in process.stdout.readline():
                assert process.poll() is None, process.communicate()
    # Every generation is kept: how slow a reader may be is not what is tested here.
    for number in range(1, PUBLICATIONS + 1):
        publish_lake(warehouse, folder, number, keep=PUBLICATIONS + 1)
    (folder / "done").touch()
    ended = [process.communicate(timeout=120) for process in readers]
    assert [error for _, error in ended if error] == []
    last = [int(number) for out, _ in ended for number in out.splitlines()[-1].split()]
    assert len(last) == READERS and set(last) <= set(range(PUBLICATIONS + 1))
