"""`shopper load` from real database servers: what holds for each kind of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from database_servers import PASSWORD, Server, mysql_server, postgres_server

from running import Shopper, rows
from shopper.extensions import PACKAGES

TABLES: Final = """
    create table orders (no bigint, placed timestamp null);
    insert into orders values (1, '2024-07-01 12:00'), (2, null);
    create table returns (no int);
    insert into returns values (7);
"""
PREPARED: Final = {
    "mysql": "create database shop; use shop; create user reader identified by 's3cret'' \"word';"
    f" grant select on shop.* to reader; {TABLES}",
    "postgres": TABLES,
}
START: Final = {"mysql": mysql_server, "postgres": postgres_server}
PASSWORD_VARIABLE: Final = {"mysql": "MYSQL_PWD", "postgres": "PGPASSWORD"}
PLACE: Final = {"mysql": "shop", "postgres": "public"}
MAPPING: Final = """
sources:
  orders: {kind: "settings", table: place.orders, needs: [Number, placed], names: {Number: [no]}}
  returns: {kind: "settings", table: place.returns}
tables:
  orders: {source: orders, columns: {order_id: Number, ordered_at: {column: placed, timezone: Europe/Berlin}}}
  refunds: {source: returns, columns: {refund_id: no, amount: {value: "1"}, refunded_at: {value: "2024-01-01"}}}
"""


@pytest.fixture(scope="module", params=["mysql", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with START[request.param]() as started:
        started.run(PREPARED[started.kind])
        yield started


@pytest.fixture
def mapping(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mapping file."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    path = tmp_path / "mapping.yml"
    text = MAPPING.replace("kind:", f"{server.kind}:").replace("settings", server.settings)
    path.write_text(text.replace("place.", f"{PLACE[server.kind]}."), encoding="utf-8")
    return path


def test_unchanged_rows_are_not_loaded_again(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    first = shopper("load", mapping)
    assert first.code == 0, first.output
    assert rows(warehouse, "select order_id from raw.orders order by all") == [("1",), ("2",)]
    stored = warehouse.read_bytes()
    assert PASSWORD.encode() not in stored and PASSWORD.split("'")[0].encode() not in stored
    again = shopper("load", mapping)
    assert "unchanged: orders, refunds" in again.output
    assert warehouse.read_bytes() == stored
    orders = "shop.orders" if server.kind == "mysql" else "orders"
    server.run(f"insert into {orders} (no, placed) values (3, '2024-02-01 10:00')")
    try:
        changed = shopper("load", mapping)
        assert "unchanged: refunds" in changed.output
        assert rows(warehouse, "select count(*) from raw.orders") == [(3,)]
    finally:
        server.run(f"delete from {orders} where no = 3")


def test_the_connection_may_be_a_url_or_a_variable(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace(server.settings, server.url), encoding="utf-8")
    by_url = shopper("load", mapping)
    assert by_url.code == 0, by_url.output
    monkeypatch.setenv("SHOP", server.plain)
    monkeypatch.setenv(PASSWORD_VARIABLE[server.kind], PASSWORD)
    mapping.write_text(text.replace(server.settings, "${SHOP}"), encoding="utf-8")
    by_variable = shopper("load", mapping)
    assert by_variable.code == 0, by_variable.output
    assert "unchanged: orders, refunds" in by_variable.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(".orders", ".order", {"": "has no table {place}.order; did you mean {place}.orders"}, id="table"),
        pytest.param("names: {Number: [no]}", "names: {}", {"": "has no column Number"}, id="column"),
        pytest.param(
            "user=", "user=no", {"mysql": "Access denied for user", "postgres": "password authentication failed"},
            id="user",
        ),
        pytest.param(
            "dbname=", "dbname=no",
            {"mysql": "Access denied for user", "postgres": 'database "nopostgres" does not exist'}, id="database",
        ),
        pytest.param("user=", "usr=", {"mysql": "unknown setting usr", "postgres": "usr"}, id="setting"),
        pytest.param("${SHOP_PASSWORD}", "plain", {"": "the mapping contains a password"}, id="password in the file"),
        pytest.param("SHOP_PASSWORD", "SHOP_UNSET", {"": "the environment variable SHOP_UNSET"}, id="variable"),
    ],
)  # fmt: skip
def test_errors_do_not_contain_the_password(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server, old: str, new: str, said: dict[str, str]
) -> None:
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2, result.output
    assert said.get(server.kind, said.get("", "")).format(place=PLACE[server.kind]) in result.output
    assert PASSWORD not in result.output and PASSWORD.split("'")[0] not in result.output
    assert "Traceback" not in result.output
    assert not warehouse.exists()


def test_a_missing_extension_is_reported(
    mapping: Path, shopper: Shopper, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, f"{server.kind}_scanner", "no_such_package")
    result = shopper("load", mapping)
    assert result.code == 2
    assert f"pip install duckdb-extension-{server.kind}-scanner==" in result.output
