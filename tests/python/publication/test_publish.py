"""`shopper publish`: readers get a complete generation or keep the previous one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from running import ROOT, Shopper
from shopper.errors import CheckFailed
from shopper.publish.generations import Generations, Keep
from shopper.publish.publishing import publish

Build = Callable[[int], None]
NOW = datetime(2024, 1, 31, 3, 0, tzinfo=UTC)


def record(connection: duckdb.DuckDBPyConnection, **changed: object) -> None:
    """The record of a whole build of landed data, as dbt writes it, with some values changed."""
    values = {"command": "build", "raw_data": "source", "is_whole": True, "failures": 0, **changed}
    connection.execute("create schema if not exists landing")
    connection.execute(
        "create or replace table landing.last_build as select 'id' as invocation_id, ? as command, ? as raw_data,"
        " null::varchar as landed_digest, ?::boolean as is_whole, ?::bigint as failures",
        list(values.values()),
    )


@pytest.fixture
def build(warehouse: Path) -> Build:
    """Creates a built warehouse with the given number of orders."""

    def run(orders: int) -> None:
        warehouse.parent.mkdir(exist_ok=True)
        with duckdb.connect(str(warehouse)) as connection:
            for schema in ("raw", "marts", "reference", "audit"):
                connection.execute(f"create schema if not exists {schema}")
            connection.execute("create or replace table raw.orders as select 'secret' as order_id")
            connection.execute(f"create or replace table marts.orders as select range as order_id from range({orders})")
            connection.execute("create or replace table marts.refunds (refund_id varchar, amount decimal(18, 2))")
            connection.execute("create or replace table reference.age_bands as select '18-24' as age_band")
            connection.execute("create or replace view audit.row_ledger as select 'orders' as table_name, 7 as rows_in")
            connection.execute("create or replace table audit.quarantined_rows as select 'secret' as raw_row")
            record(connection)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "published"
    monkeypatch.setenv("SHOPPER_PUBLISH", str(path))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))  # no catalogue of metrics: test_catalogue has it
    return path


def orders_seen(folder: Path) -> int:
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        row = connection.execute("select count(*) from marts.orders").fetchone()
    assert row is not None
    return int(row[0])


def state(folder: Path) -> dict[str, object]:
    """Everything that a reader can see, by path."""
    return {
        str(path.relative_to(folder)): path.readlink() if path.is_symlink() else path.is_dir() or path.read_bytes()
        for path in folder.rglob("*")
        if ".lock" not in path.name
    }


def test_a_generation_holds_marts_reference_and_ledger(build: Build, folder: Path, shopper: Shopper) -> None:
    build(3)
    result = shopper("publish")
    assert result.code == 0, result.output
    assert "4 tables, 5 rows" in result.output
    current = folder / "current"
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
    assert [table for (table,) in tables] == [
        "audit.generation",
        "audit.row_ledger",
        "marts.orders",
        "marts.refunds",
        "reference.age_bands",
    ]
    assert pq.read_table(current / "parquet/marts/orders.parquet").num_rows == 3
    assert pq.read_table(current / "parquet/marts/refunds.parquet").num_rows == 0  # no row, instead of a row of nulls
    manifest = json.loads((current / "generation.json").read_text(encoding="utf-8"))
    assert manifest["id"] == current.readlink().name
    assert manifest["rows"]["marts.orders"] == 3
    assert not list(folder.rglob("*.wal"))
    assert all(b"secret" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_link_points_to_nothing(build: Build, folder: Path, warehouse: Path, shopper: Shopper) -> None:
    def with_report(building: Path, _generation: str, _rows: dict[str, int]) -> None:
        (building / "report.html").write_text("a page", encoding="utf-8")

    def dangling() -> list[str]:
        return [path.name for path in folder.iterdir() if path.is_symlink() and not path.exists()]

    build(1)
    publish(warehouse, folder, Keep(), NOW)
    assert dangling() == [] and not (folder / "report.html").is_symlink()
    publish(warehouse, folder, Keep(), NOW, complete=with_report)
    assert dangling() == [] and (folder / "report.html").read_text(encoding="utf-8") == "a page"
    assert shopper("rollback").code == 0
    assert dangling() == [] and not (folder / "report.html").is_symlink()


def test_the_names_of_marts_stand_alone_after_use(build: Build, folder: Path, warehouse: Path) -> None:
    build(2)
    publish(warehouse, folder, Keep(), NOW)
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        connection.execute("use marts")
        assert connection.execute("select count(*) from orders").fetchone() == (2,)
        seen = connection.execute("select count(*), count(distinct table_name) from information_schema.tables")
        assert seen.fetchone() == (5, 5)  # a BI tool sees each table once


def test_descriptions_go_with_the_published_file(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("comment on table marts.orders is 'One row per order; the shop''s own.'")
        connection.execute("comment on column marts.orders.order_id is 'The order, as the shop names it.'")
    publish(warehouse, folder, Keep(3, 14), NOW)
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where comment is not null"
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where comment is not null"
        ).fetchall()
    assert tables == [("orders", "One row per order; the shop's own.")]
    assert columns == [("orders", "order_id", "The order, as the shop names it.")]


def test_the_file_is_in_a_format_that_older_clients_read(build: Build, folder: Path, shopper: Shopper) -> None:
    build(1)
    shopper("publish")
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'shop'").fetchone()
    assert tags is not None and "v1.4.0" in str(tags[0])


def test_an_open_reader_keeps_its_generation_and_a_new_one_gets_the_next(
    build: Build, folder: Path, shopper: Shopper
) -> None:
    build(1)
    shopper("publish", "--keep", 1)
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as reader:
        build(2)
        assert shopper("publish", "--keep", 1).code == 0
        assert reader.execute("select count(*) from marts.orders").fetchone() == (1,)
    assert orders_seen(folder) == 2


def test_the_oldest_generations_are_removed(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    ids = [publish(warehouse, folder, Keep(2), NOW + timedelta(days=day)).id for day in range(4)]
    assert Generations(folder).ids() == ids[-2:]
    assert Generations(folder).current() == ids[-1]


def test_generations_are_ordered_by_publication_whatever_the_clock_says(
    build: Build, folder: Path, warehouse: Path
) -> None:
    build(1)
    times = (NOW, NOW, NOW + timedelta(days=4000), NOW - timedelta(hours=1), NOW + timedelta(seconds=1))
    ids = [publish(warehouse, folder, Keep(9), time).id for time in times]
    assert Generations(folder).ids() == ids
    assert (ids[1], ids[-1]) == ("20240131T030000Z-002", "20240131T030001Z-001")
    publish(warehouse, folder, Keep(2), NOW + timedelta(seconds=2))
    assert Generations(folder).ids()[:-1] == ids[-1:]


def test_a_second_with_a_thousand_generations_gets_one_more(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    (folder / "generations" / "20240131T030000Z-999").mkdir(parents=True)
    for number in range(1, 999):
        (folder / "generations" / f"20240131T030000Z-{number:03d}").mkdir()
    assert publish(warehouse, folder, Keep(2000), NOW).id == "20240131T030000Z-1000"
    assert Generations(folder).ids()[-1] == "20240131T030000Z-1000"


def test_foreign_things_among_the_generations_are_left_alone(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    for name in ("lost+found", "zz notes"):
        (folder / "generations" / name).mkdir(parents=True)
    (folder / "generations" / "README").write_text("by hand", encoding="utf-8")
    ids = [publish(warehouse, folder, Keep(1), NOW + timedelta(days=day)).id for day in range(3)]
    assert Generations(folder).ids() == ids[1:]
    left = {path.name for path in (folder / "generations").iterdir()} - set(ids)
    assert left == {"lost+found", "zz notes", "README"}


def test_what_readers_just_had_is_kept(build: Build, folder: Path, warehouse: Path, shopper: Shopper) -> None:
    build(1)
    ids = [publish(warehouse, folder, Keep(3), NOW + timedelta(days=day)).id for day in range(3)]
    assert shopper("rollback", "--to", ids[0]).code == 0
    new = publish(warehouse, folder, Keep(3), NOW + timedelta(days=3)).id
    assert Generations(folder).ids() == [*ids, new]


def test_a_warehouse_in_the_folder_that_it_would_be_published_to_is_not_replaced(
    build: Build, warehouse: Path, shopper: Shopper
) -> None:
    build(1)
    content = warehouse.read_bytes()
    result = shopper("publish", "--to", warehouse.parent)
    assert result.code == 2
    assert "shop.duckdb is not a link" in result.output
    assert warehouse.read_bytes() == content and not warehouse.is_symlink()
    assert not (warehouse.parent / "current").exists()


def test_a_folder_publishes_one_warehouse(build: Build, folder: Path, warehouse: Path, shopper: Shopper) -> None:
    build(1)
    publish(warehouse, folder, Keep(3), NOW)
    other = warehouse.with_name("other.duckdb")
    other.write_bytes(warehouse.read_bytes())
    result = shopper("publish", "--warehouse", other)
    assert result.code == 2
    assert "publishes shop.duckdb" in result.output and "folder of its own" in result.output
    assert orders_seen(folder) == 1


def test_generations_are_kept_for_a_century_at_most(build: Build, folder: Path, shopper: Shopper) -> None:
    build(1)
    assert shopper("publish", "--keep-days", 1_000_000).code == 2
    assert not folder.exists()


def test_nothing_is_published_into_the_generations_of_another_folder(
    build: Build, folder: Path, warehouse: Path, shopper: Shopper, tmp_path: Path
) -> None:
    build(1)
    publish(warehouse, folder, Keep(), NOW)
    before = state(folder)
    (tmp_path / "link").symlink_to(folder / "generations")
    for to in (folder / "generations", folder / "generations" / "new", folder / "current", tmp_path / "link" / "x"):
        result = shopper("publish", "--to", to)
        assert result.code == 2
        assert f"{to} is where {folder} keeps its generations" in result.output
    assert state(folder) == before
    assert shopper("publish", "--to", tmp_path / "generations").code == 0


@pytest.mark.parametrize(("name", "why"), [("x" * 300, "File name too long"), ("loop", "Symlink loop")])
def test_a_folder_that_no_system_can_make_is_refused(
    name: str, why: str, build: Build, shopper: Shopper, tmp_path: Path
) -> None:
    build(1)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for arguments in (("publish", "--to"), ("run", "--check", "--publish")):
        result = shopper(*arguments, tmp_path / name / "published")
        assert (result.code, f"can't be used ({why}" in result.output) == (2, True), result.output


@pytest.mark.parametrize("what", ["absent", "empty", "no marts", "no database", "no record"])
def test_nothing_built_publishes_nothing(
    what: str, build: Build, warehouse: Path, folder: Path, shopper: Shopper
) -> None:
    if what == "no record":
        build(1)
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("drop table landing.last_build")
    elif what != "absent":
        warehouse.parent.mkdir()
    if what == "empty":
        duckdb.connect(str(warehouse)).close()
    if what == "no marts":
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("create schema audit; create table audit.row_ledger as select 1 as rows_in")
    if what == "no database":
        warehouse.write_bytes(b"x" * 100_000)
    result = shopper("publish")
    assert result.code == (1 if what == "no record" else 2), result.output
    assert "Nothing " in result.output
    assert not folder.exists()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"failures": None}, "the last `dbt build` did not finish"),
        ({"failures": 2}, "the last build had 2 failures"),
        ({"command": "run"}, "the last command was `dbt run`, which"),
        ({"is_whole": False}, "the last command was `dbt build` of a selection"),
        ({"raw_data": "sample"}, "read the sample shop, but the schema raw holds data"),
    ],
)
def test_only_a_finished_tested_build_of_the_landed_data_is_published(
    changed: dict[str, object], reason: str, build: Build, warehouse: Path, folder: Path, shopper: Shopper
) -> None:
    build(1)
    with duckdb.connect(str(warehouse)) as connection:
        record(connection, **changed)
    result = shopper("publish")
    assert result.code == 1
    assert reason in result.output and "Nothing was published" in result.output
    assert not folder.exists()


def test_data_that_was_loaded_after_the_build_is_not_published_as_built(
    build: Build, warehouse: Path, folder: Path, shopper: Shopper
) -> None:
    build(1)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table landing.tables as select 'orders' as table_name, 'd1' as digest")
    result = shopper("publish")
    assert (result.code, "data was loaded after the last build" in result.output) == (1, True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update landing.last_build set landed_digest = md5('ordersd1')")
    assert shopper("publish").code == 0


def test_a_path_that_is_no_link_is_not_overwritten(build: Build, folder: Path, shopper: Shopper) -> None:
    build(1)
    (folder / "current").mkdir(parents=True)
    result = shopper("publish")
    assert result.code == 2
    assert "current is not a link" in result.output
    assert (folder / "current").is_dir()


@pytest.mark.parametrize("at", ["copy", "rename", "switch"])
def test_a_failure_keeps_the_published_generation(
    at: str, build: Build, folder: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(1)
    publish(warehouse, folder, Keep(3), NOW)
    before = state(folder)
    build(2)

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if at == "copy":
            patch.setattr("shopper.publish.publishing.json.dumps", fail)
        else:
            patch.setattr(Path, {"rename": "rename", "switch": "replace"}[at], fail)
        with pytest.raises(CheckFailed, match="readers keep what they had"):
            publish(warehouse, folder, Keep(3), NOW + timedelta(days=1))
    assert orders_seen(folder) == 1
    if at != "switch":  # at this point the new generation is complete, but not current
        assert state(folder) == before
    publish(warehouse, folder, Keep(1), NOW + timedelta(days=2))
    assert orders_seen(folder) == 2
    assert len(Generations(folder).ids()) == 2  # the new one, and the one that readers had


def test_a_full_disk_keeps_the_published_generation(build: Build, folder: Path, warehouse: Path) -> None:
    """A process that can't write files above 100 kB simulates a full disk."""
    build(1)
    publish(warehouse, folder, Keep(3), NOW)
    before = state(folder)
    build(500_000)
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
        "from shopper.cli import app; app(['publish'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SHOPPER_PROJECT": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "readers keep what they had" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert state(folder) == before


def test_leftovers_of_a_killed_run_are_removed(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    publish(warehouse, folder, Keep(3), NOW)
    (folder / "generations" / ".building-20240101T000000Z-001").mkdir()
    (folder / "generations" / ".removed-20240101T000000Z-001").mkdir()
    (folder / ".current.new").symlink_to("nowhere")
    publish(warehouse, folder, Keep(3), NOW + timedelta(days=1))
    assert {path.name for path in (folder / "generations").iterdir()} == set(Generations(folder).ids())
    assert not (folder / ".current.new").is_symlink()


def test_a_warehouse_that_is_being_written_is_not_published(build: Build, folder: Path, warehouse: Path) -> None:
    build(1)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SHOPPER_PROJECT": str(ROOT)}
    with duckdb.connect(str(warehouse)):
        ran = subprocess.run(
            [sys.executable, "-m", "shopper", "publish"], env=environment, capture_output=True, text=True, check=False
        )
    assert ran.returncode == 75, ran.stderr
    assert "nothing was published" in ran.stderr
    assert not folder.exists()
