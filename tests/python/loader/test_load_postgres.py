"""`shopper load` from a real PostgreSQL server that the tests start on their own socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from running import Shopper, rows
from shopper.extensions import PACKAGES

PASSWORD: Final = "s3cret' word"
TABLES: Final = """
    create schema "Shop";
    create table "Shop".orders (
        no bigint, client text, placed timestamp, paid timestamptz, total numeric, "Mixed ""Case"" text" text
    );
    insert into "Shop".orders values
        (1, 'anna', '2024-07-01 12:00', '2024-07-01 12:05+02', 12345678901234567.89, 'x'),
        (2, null, '2024-01-01 12:00', null, 5, null);
    create view "Shop".lines as select 1 as no, 2 as pieces, 9.95::numeric(10, 2) as price;
"""
MAPPING: Final = """
sources:
  orders: {postgres: "host=%s dbname=postgres user=postgres password=${SHOP_PASSWORD}", table: Shop.orders}
  lines: {postgres: "host=%s dbname=postgres user=postgres password=${SHOP_PASSWORD}", table: Shop.lines}
  priced: {query: "select *, price * 2 as twice from lines"}
tables:
  orders:
    source: orders
    columns:
      order_id: no
      customer_id: client
      ordered_at: {column: placed, timezone: Europe/Berlin}
      paid_at: paid
      total_amount: total
      promotion_code: 'Mixed "Case" text'
  order_items: {source: priced, columns: {order_id: no, quantity: pieces, unit_price: twice}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket."""

    folder: Path

    def run(self, sql: str) -> None:
        """Run SQL as the administrator."""
        subprocess.run(
            [_program("psql"), "-h", str(self.folder), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qc", sql],
            env={**os.environ, "PGPASSWORD": PASSWORD}, check=True, capture_output=True,
        )  # fmt: skip


def _program(name: str) -> str:
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        pytest.skip(f"{name} of PostgreSQL is not installed")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server in its own folder. PostgreSQL refuses to run as root, so the user postgres runs it then."""
    if find_spec("duckdb_extension_postgres_scanner") is None:
        pytest.skip("duckdb-extension-postgres-scanner is not installed")
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    user = "postgres" if os.getuid() == 0 else None
    if user and user not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("tests run as root, and there is no user postgres to run the server")
    folder = Path(tempfile.mkdtemp(prefix="shopper-pg-"))
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)

        def run(*command: str) -> None:
            subprocess.run(
                command, user=user, group=user, extra_groups=[] if user else None, cwd=folder, check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            )  # fmt: skip

        data = str(folder / "data")
        run(
            initdb, "-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        run(pg_ctl, "-D", data, "-w", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start")
        try:
            started = Server(folder)
            started.run(TABLES)
            yield started
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mapping(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mapping file."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING.replace("%s", str(server.folder)), encoding="utf-8")
    return path


def test_tables_and_views_are_loaded_exactly(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(
        warehouse,
        "select order_id, customer_id, ordered_at, paid_at, total_amount, promotion_code from raw.orders order by all",
    ) == [
        ("1", "anna", "2024-07-01 10:00:00", "2024-07-01 10:05:00+00", "12345678901234567.89", "x"),
        ("2", None, "2024-01-01 11:00:00", None, "5", None),
    ]
    assert rows(warehouse, "select * from raw.order_items") == [("1", "2", "19.90")]
    origin = rows(warehouse, "select file from landing.loads where table_name = 'orders'")
    assert origin == [(f"postgresql://{server.folder}:5432/postgres/Shop.orders",)]
    stored = warehouse.read_bytes()
    assert PASSWORD.encode() not in stored and PASSWORD.split("'")[0].encode() not in stored


def test_the_same_rows_in_another_order_are_unchanged(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server
) -> None:
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    server.run('update "Shop".orders set no = no where no = 1')  # moves the row after the other
    again = shopper("load", mapping)
    assert again.code == 0
    assert "unchanged: orders, order_items" in again.output
    assert warehouse.read_bytes() == before
    server.run("""insert into "Shop".orders values (3, 'eve', '2024-02-01', null, 1, null)""")
    try:
        changed = shopper("load", mapping)
        assert "unchanged: order_items" in changed.output
        assert rows(warehouse, "select count(*) from raw.orders") == [(3,)]
    finally:
        server.run('delete from "Shop".orders where no = 3')


def test_duplicate_rows_are_detected_as_a_change(
    server: Server, tmp_path: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    server.run("create table twice as select 1 as no, date '2024-01-01' as placed from generate_series(1, 2)")
    settings = f"host={server.folder} dbname=postgres user=postgres"
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        f"sources: {{twice: {{postgres: {settings}, table: twice}}}}\n"
        "tables: {orders: {source: twice, columns: {customer_id: no, ordered_at: placed}}}\n",
        encoding="utf-8",
    )
    assert shopper("load", mapping).code == 0
    server.run("update twice set no = 2")
    assert "unchanged" not in shopper("load", mapping).output
    assert rows(warehouse, "select customer_id from raw.orders") == [("2",), ("2",)]


def test_a_removed_column_stops_the_load(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    server.run('alter table "Shop".orders rename column client to client_id')
    try:
        result = shopper("load", mapping)
    finally:
        server.run('alter table "Shop".orders rename column client_id to client')
    assert result.code == 2
    assert "/Shop.orders: no column client (orders.customer_id); did you mean client_id?" in result.output
    assert warehouse.read_bytes() == before


def test_the_connection_may_be_a_url_or_a_variable(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = mapping.read_text(encoding="utf-8")
    settings = f"host={server.folder} dbname=postgres user=postgres password=${{SHOP_PASSWORD}}"
    host = str(server.folder).replace("/", "%2F")
    mapping.write_text(text.replace(settings, f"postgresql://postgres:${{SHOP_PASSWORD}}@{host}/postgres"))
    by_url = shopper("load", mapping)
    assert by_url.code == 0, by_url.output
    monkeypatch.setenv("SHOP", f"host={server.folder} dbname=postgres user=postgres")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    mapping.write_text(text.replace(settings, "${SHOP}"))
    by_variable = shopper("load", mapping)
    assert by_variable.code == 0
    assert "unchanged: orders, order_items" in by_variable.output


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(("Shop.orders", "Shop.order"), "no table Shop.order; did you mean Shop.orders?", id="table"),
        pytest.param(("dbname=postgres", "dbname=shop"), 'database "shop" does not exist', id="database"),
        pytest.param(("user=postgres", "user=nobody"), "password authentication failed", id="user"),
        pytest.param(("${SHOP_PASSWORD}", "plain"), "the mapping contains a password", id="password in the file"),
        pytest.param(("SHOP_PASSWORD", "SHOP_UNSET"), "the environment variable SHOP_UNSET", id="variable"),
    ],
)
def test_errors_do_not_contain_the_password(
    mapping: Path, warehouse: Path, shopper: Shopper, change: tuple[str, str], message: str
) -> None:
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2, result.output
    assert message in result.output
    assert PASSWORD not in result.output and PASSWORD.split("'")[0] not in result.output
    assert "Traceback" not in result.output
    assert not warehouse.exists()


def test_a_missing_extension_is_reported(
    mapping: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, "postgres_scanner", "no_such_package")
    result = shopper("load", mapping)
    assert result.code == 2
    assert "pip install duckdb-extension-postgres-scanner==" in result.output
