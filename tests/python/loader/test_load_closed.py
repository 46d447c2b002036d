"""A mapping's SQL reads the mapped files and what lies below its folder, nothing else. No secret is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Ran, Shopper, rows

Load = Callable[..., Ran]
ORDERS = "order_id,ordered_at\n1,2024-01-01\n"


@pytest.fixture
def load(tmp_path: Path, warehouse: Path, shopper: Shopper) -> Load:
    """Load a query over a file outside the mapping's folder."""
    for folder in ("mapping", "exports", "mapping/lists"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exports/orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "exports/private.csv").write_text("status\nsecret\n", encoding="utf-8")
    (tmp_path / "mapping/lists/own.csv").write_text("status\npaid\n", encoding="utf-8")

    def run(query: str, path: str = "../exports/orders.csv", *options: object) -> Ran:
        mapping = tmp_path / "mapping/mapping.yml"
        mapping.write_text(
            f'sources:\n  shop: {{path: "{path}"}}\n  made: {{query: "{query}"}}\n'
            f"tables:\n  orders: {{source: {'made' if query != '' else 'shop'}}}\n".replace(
                '  made: {query: ""}\n', ""
            ),
            encoding="utf-8",
        )
        return shopper("load", mapping, *options)

    return run


def test_sql_reads_below_the_folder_of_its_mapping(load: Load, warehouse: Path, tmp_path: Path) -> None:
    own = tmp_path / "mapping/lists/own.csv"
    result = load(f"select shop.*, own.status from shop, '{own}' as own")
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id, status from raw.orders") == [("1", "paid")]


@pytest.mark.parametrize(
    "read",
    [
        "(from '{place}/exports/private.csv')",
        "(from '{place}/mapping/../exports/private.csv')",
        "(select content as status from read_text('/etc/passwd'))",
        "(select file as status from glob('/etc/*'))",
        "(from 'https://shop.example/orders.csv')",
        "read_parquet('s3://shop/orders.parquet')",
        "(from sqlite_scan('{place}/exports/x.db', 'orders'))",
    ],
)
def test_sql_reads_nothing_else(read: str, load: Load, warehouse: Path, tmp_path: Path) -> None:
    result = load(f"select shop.* from shop, {read.format(place=tmp_path)}")
    assert result.code == 2 and result.output.startswith("shopper: source made: query: ")
    assert "secret" not in result.output and "root:" not in result.output
    said = ("; --also-read FOLDER", "reads nothing from the network; name a source", "extension sqlite_scanner;")
    assert any(one in " ".join(result.output.split()) for one in said)
    assert not warehouse.exists()


def test_whoever_loads_can_allow_one_more_folder(load: Load, warehouse: Path, tmp_path: Path) -> None:
    query = f"select shop.*, private.status from shop, (from '{tmp_path}/exports/private.csv') as private"
    allowed = ("--also-read", tmp_path / "exports")
    result = load(query, "../exports/orders.csv", *allowed)
    assert result.code == 0, result.output
    assert rows(warehouse, "select status from raw.orders") == [("secret",)]
    assert load("select shop.* from shop, read_text('/etc/passwd')", "../exports/orders.csv", *allowed).code == 2
    assert "no such folder" in load(query, "../exports/orders.csv", "--also-read", tmp_path / "nowhere").output


@pytest.mark.parametrize("read", ["(from '{own}')", "read_csv('{own}')"])
def test_a_file_that_only_sql_reads_is_read_at_every_load(
    read: str, load: Load, warehouse: Path, tmp_path: Path
) -> None:
    own = tmp_path / "mapping/lists/own.csv"
    query = f"select shop.*, own.status from shop, {read.format(own=own)} as own"
    assert load(query).code == 0
    own.write_text("status\ncancelled\n", encoding="utf-8")
    assert load(query).code == 0
    assert rows(warehouse, "select status from raw.orders") == [("cancelled",)]
    assert load("from shop").code == 0
    assert "unchanged: orders" in load("from shop").output


def test_nothing_of_the_environment_is_shown(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", "hunter-2-hunter")
    for path in ("${SHOP_SECRET}.csv", "../exports/${SHOP_SECRET}/orders.csv", "s3://${SHOP_SECRET}"):
        result = load("", path)
        assert result.code == 2 and "hunter" not in result.output
    assert (
        "no file" in load("", "${SHOP_SECRET}.csv").output and "${SHOP_SECRET}" in load("", "${SHOP_SECRET}.csv").output
    )


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
@pytest.mark.parametrize("key", ["password", "passwd", "PASSWORD"])
def test_a_password_in_a_mapping_is_not_shown(kind: str, key: str, tmp_path: Path, shopper: Shopper) -> None:
    mapping = tmp_path / "mapping.yml"
    location = f"host=127.0.0.1 port=1 dbname=shop user=reader {key}=hunter2"
    mapping.write_text(
        f"sources: {{shop: {{{kind}: '{location}', table: orders}}}}\ntables: {{orders: {{source: shop}}}}\n"
    )
    result = shopper("load", mapping)
    assert result.code == 2 and "hunter2" not in result.output
