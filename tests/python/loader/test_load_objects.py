"""`shopper load` from object storage: a local S3 server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from running import Shopper, rows
from shopper.load import objects
from shopper.load.deliveries import Delivery
from shopper.load.sources import FileSource

SECRET: Final = "s3cret+/word"
HEADER: Final = "order_id,ordered_at,total_amount\n"
MAPPING: Final = """
sources:
  shop: {path: "%s"%s}
tables: {orders: {source: shop}}
"""
ORDERS: Final = "select order_id from raw.orders order by order_id"


class Bucket:
    """The bucket `exports` of the server."""

    def __init__(self, client: Any) -> None:
        self._client = client
        client.create_bucket(Bucket="exports")

    def put(self, key: str, content: str | bytes) -> None:
        """Write an object."""
        self._client.put_object(Bucket="exports", Key=key, Body=content)

    def remove(self, key: str) -> None:
        """Delete an object."""
        self._client.delete_object(Bucket="exports", Key=key)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server on this machine."""
    pytest.importorskip("obstore")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket. The environment has the settings of the server."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "eu-west-3",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    requests = pytest.importorskip("requests")
    client = pytest.importorskip("boto3").client("s3", endpoint_url=endpoint, region_name="us-east-1")
    yield Bucket(client)
    requests.post(f"{endpoint}/moto-api/reset", timeout=10)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The path of the mapping file."""
    return tmp_path / "mapping.yml"


def test_objects_of_a_glob_are_read(bucket: Bucket, mapping: Path, warehouse: Path, shopper: Shopper) -> None:
    bucket.put("shop/orders-1.csv", HEADER + "1,2024-01-01,9.95\n")
    bucket.put("shop/orders-2.csv.gz", gzip.compress((HEADER + "2,2024-01-02,5\n").encode()))
    bucket.put("shop/.orders-3.csv", HEADER + "3,2024-01-03,5\n")
    bucket.put("shop/old/orders-4.csv", HEADER + "4,2024-01-04,5\n")
    bucket.put("shop_b/orders-5.csv", HEADER + "5,2024-01-05,5\n")
    mapping.write_text(MAPPING % ("s3://exports/shop/orders-*", ", format: csv"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(warehouse, ORDERS) == [("1",), ("2",)]
    assert rows(warehouse, "select file from landing.loads order by 1") == [
        ("s3://exports/shop/orders-1.csv",), ("s3://exports/shop/orders-2.csv.gz",)
    ]  # fmt: skip
    assert SECRET.encode() not in warehouse.read_bytes()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("s3://exports/a/orders [1].csv", ["1"], id="a name with brackets"),
        pytest.param("s3://exports/a", ["1", "2"], id="folder"),
        pytest.param("s3://exports/**/orders*.csv", ["1", "3"], id="any depth"),
        pytest.param("s3://exports/{a/b,c}/orders.csv", ["3", "4"], id="alternatives"),
        pytest.param("s3://${BUCKET}/c/orders.csv", ["4"], id="variable"),
    ],
)
def test_paths(
    bucket: Bucket, mapping: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch, path: str,
    found: list[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("BUCKET", "exports")
    for number, key in enumerate(["a/orders [1].csv", "a/more.csv", "a/b/orders.csv", "c/orders.csv"], start=1):
        bucket.put(key, f"{HEADER}{number},2024-01-01,1\n")
    bucket.put("a/notes.txt", "none of them")
    bucket.remove("c/orders.csv") if "**" in path else None
    mapping.write_text(MAPPING % (path, ", format: csv"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(warehouse, ORDERS) == [(number,) for number in found]


def test_unchanged_objects_are_not_fetched(
    bucket: Bucket, mapping: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same content written again is unchanged; a changed, an added and a removed object are seen."""
    bucket.put("orders-1.csv", HEADER + "1,2024-01-01,9.95\n")
    mapping.write_text(MAPPING % ("s3://exports/orders-*.csv", ""), encoding="utf-8")
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    bucket.put("orders-1.csv", HEADER + "1,2024-01-01,9.95\n")
    with monkeypatch.context() as patched:
        patched.setattr(objects, "read_objects", None)
        patched.setattr("shopper.load.source_reading.read_objects", None)
        assert "unchanged: orders" in shopper("load", mapping).output
    assert warehouse.read_bytes() == before
    bucket.put("orders-2.csv", HEADER + "2,2024-01-02,9.95\n")
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, ORDERS) == [("1",), ("2",)]
    bucket.remove("orders-1.csv")
    bucket.put("orders-2.csv", HEADER + "3,2024-01-02,9.95\n")
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, ORDERS) == [("3",)]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("s3://exports/none*.csv", "no object s3://exports/none*.csv", id="no object"),
        pytest.param("s3://nowhere/orders.csv", "NoSuchBucket", id="bucket"),
        pytest.param("s3://exports/empty.csv", "s3://exports/empty.csv is empty (0 bytes)", id="empty"),
        pytest.param("s3://exports", "expected a path such as s3://bucket/orders*.csv", id="no path"),
        pytest.param("s3://exports/bad.csv", "s3://exports/bad.csv, line 3", id="reject"),
        pytest.param("s3://exports/cut.csv.gz", "s3://exports/cut.csv.gz", id="cut"),
        pytest.param("s3://exports/{good,other}.csv", "s3://exports/other.csv: no column ordered_at", id="column"),
    ],
)
def test_errors_name_the_object(
    bucket: Bucket, mapping: Path, warehouse: Path, shopper: Shopper, path: str, message: str
) -> None:
    for key, content in {
        "good.csv": HEADER + "1,2024-01-01,1\n", "empty.csv": "", "bad.csv": HEADER + "1,2024-01-01,1\n2\n",
        "cut.csv.gz": gzip.compress(HEADER.encode() * 100)[:30], "other.csv": "order_id,day\n1,2024-01-01\n",
    }.items():  # fmt: skip
        bucket.put(key, content)
    mapping.write_text(MAPPING % (path, ", format: csv"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2, result.output
    assert message in result.output
    assert "Traceback" not in result.output and ".loading" not in result.output and SECRET not in result.output
    assert not warehouse.exists()


def test_an_object_that_changes_while_it_is_read_is_not_loaded(
    bucket: Bucket, mapping: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put("orders.csv", HEADER + "1,2024-01-01,1\n")

    def list_and_change(source: FileSource) -> Delivery:
        delivery = objects.delivery_of_objects(source)
        bucket.put("orders.csv", HEADER + "2,2024-01-01,1\n")
        return delivery

    monkeypatch.setattr("shopper.load.lander.delivery_of_objects", list_and_change)
    mapping.write_text(MAPPING % ("s3://exports/orders.csv", ""), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2 and "s3://exports/orders.csv changed while it was read" in result.output, result.output
    assert not warehouse.exists()


def test_a_server_that_is_gone_is_reported(
    mapping: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("obstore")
    monkeypatch.setattr(objects, "_RETRIES", {"max_retries": 0})
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    mapping.write_text(MAPPING % ("s3://exports/orders.csv", ""), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2 and "source shop: s3://exports/orders.csv:" in result.output, result.output
    assert SECRET not in result.output and not warehouse.exists()
