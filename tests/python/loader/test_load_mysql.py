"""`shopper load` from a real MariaDB server that the tests start on a port of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from running import Shopper, rows
from shopper.extensions import PACKAGES

PASSWORD: Final = "s3cret' \"word"
TABLES: Final = """
    create database shop character set utf8mb4;
    use shop;
    create table orders (
        no bigint unsigned, client varchar(50), placed datetime, paid timestamp null, total decimal(26, 8),
        flag tinyint(1), cleared datetime, done date, exact decimal(60, 20), `Mixed ``Case`` text` longtext
    );
    set sql_mode = '';
    set time_zone = '+02:00';
    insert into orders values
        (18446744073709551615, 'anna', '2024-07-01 12:00', '2024-07-01 12:05', 12345678901234567.89, 5,
         '0000-00-00 00:00:00', '0000-00-00', '123456789012345678901234567890.12345', 'é 🌷'),
        (2, null, '2024-01-01 12:00', null, 5, 0, null, '2024-02-29', 1, null);
    create view `lines` as select 1 as no, 2 as pieces, cast(9.95 as decimal(10, 2)) as price;
    create database other; create table other.returns (no int); insert into other.returns values (7);
    create user reader identified by 's3cret\\' "word';
    grant select on shop.* to reader; grant select on other.* to reader;
"""
CONNECTION: Final = "host=127.0.0.1 port=%s user=reader password=${SHOP_PASSWORD} database=shop"
MAPPING: Final = f"""
sources:
  orders: {{mysql: "{CONNECTION}", table: orders}}
  lines: {{mysql: "{CONNECTION}", table: shop.lines, needs: [Number, price], names: {{Number: [no]}}, may_have: [tax]}}
  returns: {{mysql: "{CONNECTION}", table: other.returns}}
  priced: {{query: "select Number, pieces, price * 2 as twice, tax from lines"}}
tables:
  orders:
    source: orders
    columns:
      order_id: no
      customer_id: client
      ordered_at: {{column: placed, timezone: Europe/Berlin}}
      paid_at: paid
      cancelled_at: cleared
      completed_at: done
      total_amount: total
      session_id: flag
      visitor_id: exact
      promotion_code: "Mixed `Case` text"
  order_items: {{source: priced, columns: {{order_id: Number, quantity: pieces, unit_price: twice, unit_cost: tax}}}}
  refunds: {{source: returns, columns: {{refund_id: no, amount: {{value: "1"}}, refunded_at: {{value: "2024-01-01"}}}}}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: its folder and port."""

    folder: Path
    port: int

    def run(self, sql: str) -> None:
        """Run SQL as the administrator."""
        subprocess.run(
            [_program("mariadb"), "--no-defaults", "--default-character-set=utf8mb4", "-uroot",
             f"--socket={self.folder / 'socket'}", "-e", sql],
            check=True, capture_output=True,
        )  # fmt: skip


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if found is None:
        pytest.skip(f"{name} of MariaDB is not installed")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server in its own folder. MariaDB refuses to run as root, so the user mysql runs it then."""
    if find_spec("duckdb_extension_mysql_scanner") is None:
        pytest.skip("duckdb-extension-mysql-scanner is not installed")
    install, daemon = _program("mariadb-install-db"), _program("mariadbd")
    user = "mysql" if os.getuid() == 0 else None
    if user and user not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("tests run as root, and there is no user mysql to run the server")
    folder = Path(tempfile.mkdtemp(prefix="shopper-my-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    process = None
    try:
        if user:
            shutil.chown(folder, user)
        data = ["--no-defaults", f"--datadir={folder / 'data'}"]
        subprocess.run(
            [install, *data, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, cwd=folder, **as_user, **quiet,
        )  # fmt: skip
        process = subprocess.Popen(
            [daemon, *data, f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1",
             "--skip-log-bin", "--default-time-zone=+05:00", "--innodb-flush-log-at-trx-commit=0",
             f"--pid-file={folder / 'pid'}"],
            cwd=folder, **as_user, **quiet,
        )  # fmt: skip
        started = Server(folder, port)
        for _ in range(300):
            if process.poll() is not None:
                pytest.fail("MariaDB stopped")
            try:
                started.run("select 1")
                break
            except subprocess.CalledProcessError:
                time.sleep(0.1)
        started.run(TABLES)
        yield started
    finally:
        if process is not None:
            process.terminate()
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mapping(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mapping file."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING.replace("%s", str(server.port)), encoding="utf-8")
    return path


def test_tables_and_views_are_loaded_exactly(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    """Timestamps are UTC, a zero date is none, tinyint(1) keeps its number, long decimals keep their digits."""
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(
        warehouse,
        "select order_id, customer_id, ordered_at, paid_at, cancelled_at, completed_at, total_amount, session_id,"
        " visitor_id, promotion_code from raw.orders order by all",
    ) == [
        ("18446744073709551615", "anna", "2024-07-01 10:00:00", "2024-07-01 10:05:00", None, None,
         "12345678901234567.89000000", "5", "123456789012345678901234567890.12345000000000000000", "é 🌷"),
        ("2", None, "2024-01-01 11:00:00", None, None, "2024-02-29", "5.00000000", "0", "1.00000000000000000000", None),
    ]  # fmt: skip
    assert rows(warehouse, "select order_id, quantity, unit_price, unit_cost from raw.order_items") == [
        ("1", "2", "19.90", None)
    ]
    assert rows(warehouse, "select refund_id from raw.refunds") == [("7",)]
    origin = rows(warehouse, "select file from landing.loads where table_name = 'orders'")
    assert origin == [(f"mysql://127.0.0.1:{server.port}/shop.orders",)]
    stored = warehouse.read_bytes()
    assert PASSWORD.encode() not in stored and PASSWORD.split("'")[0].encode() not in stored


def test_unchanged_rows_are_not_loaded_again(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    again = shopper("load", mapping)
    assert "unchanged: orders, order_items, refunds" in again.output
    assert warehouse.read_bytes() == before
    server.run("insert into shop.orders (no, placed) values (3, '2024-02-01')")
    try:
        changed = shopper("load", mapping)
        assert "unchanged: order_items, refunds" in changed.output
        assert rows(warehouse, "select count(*) from raw.orders") == [(3,)]
    finally:
        server.run("delete from shop.orders where no = 3")


def test_the_connection_may_be_a_url_or_a_variable(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = mapping.read_text(encoding="utf-8")
    settings = CONNECTION.replace("%s", str(server.port))
    mapping.write_text(
        text.replace(settings, f"mysql://reader:${{SHOP_PASSWORD}}@127.0.0.1:{server.port}/shop"), encoding="utf-8"
    )
    by_url = shopper("load", mapping)
    assert by_url.code == 0, by_url.output
    monkeypatch.setenv("SHOP", f"host=127.0.0.1 port={server.port} user=reader dbname=shop")
    monkeypatch.setenv("MYSQL_PWD", PASSWORD)
    mapping.write_text(text.replace(settings, "${SHOP}"), encoding="utf-8")
    by_variable = shopper("load", mapping)
    assert by_variable.code == 0, by_variable.output
    assert "unchanged: orders, order_items, refunds" in by_variable.output


def test_a_date_without_a_day_stops_the_load(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    server.run("set sql_mode = ''; insert into shop.orders (no, placed, done) values (3, '2024-02-01', '2024-01-00')")
    try:
        result = shopper("load", mapping)
    finally:
        server.run("delete from shop.orders where no = 3")
    assert result.code == 2 and "2024-1-0" in result.output, result.output
    assert not warehouse.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            ("table: orders", "table: order"), "has no table shop.order; did you mean shop.orders?", id="table"
        ),
        pytest.param(("names: {Number: [no]}", "names: {}"), "has no column Number", id="column"),
        pytest.param(("user=reader", "user=nobody"), "Access denied for user 'nobody'", id="user"),
        pytest.param(("user=reader", "usr=reader"), "unknown setting usr; did you mean user?", id="setting"),
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


def test_a_missing_extension_is_reported(mapping: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "mysql_scanner", "no_such_package")
    result = shopper("load", mapping)
    assert result.code == 2
    assert "pip install duckdb-extension-mysql-scanner==" in result.output
