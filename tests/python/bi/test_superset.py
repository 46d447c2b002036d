"""Superset over the published file: connected read-only, a dataset and a chart of a mart, asked over its REST API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("superset", reason="Superset is not installed (make superset has an environment for it)")
import duckdb

PUBLISHED = Path(os.environ.get("SHOPPER_PUBLISH", "published")).absolute() / "shopper.duckdb"
ADMIN = {"username": "admin", "password": "of the test", "provider": "db", "refresh": False}
Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Calls the REST API of a new Superset as its administrator: `call("post", "database", {...})`."""
    if not PUBLISHED.exists():
        pytest.skip(f"{PUBLISHED} is not there; `make build` publishes it")
    home = tmp_path_factory.mktemp("superset")
    os.environ |= {
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(Path(__file__).with_name("superset_config.py")),
        "FLASK_APP": "superset.app:create_app()",
    }
    names = ["--firstname", "A", "--lastname", "B", "--email", "admin@shop.example"]
    for command in (
        ["db", "upgrade"],
        ["fab", "create-admin", "--username", ADMIN["username"], "--password", ADMIN["password"], *names],
        ["init"],
    ):
        ran = subprocess.run(
            [Path(sys.executable).with_name("superset"), *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
    from superset.app import create_app

    client = create_app().test_client()
    token = client.post("/api/v1/security/login", json=ADMIN).json["access_token"]

    def called(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = getattr(client, method)(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code in {200, 201}, (path, answer.status_code, answer.text[:2000])
        return dict(answer.json)

    return called


@pytest.fixture(scope="module")
def database(call: Call) -> int:
    extra = {"engine_params": {"connect_args": {"read_only": True}}}
    body = {"database_name": "shop", "sqlalchemy_uri": f"duckdb:///{PUBLISHED}", "extra": json.dumps(extra)}
    return int(call("post", "database/", body)["id"])


@pytest.fixture(scope="module")
def dataset(call: Call, database: int) -> int:
    body = {"database": database, "schema": "marts", "table_name": "channel_efficiency"}
    return int(call("post", "dataset/", body)["id"])


def of_mart(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(PUBLISHED), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_mart_is_listed(call: Call, database: int) -> None:
    listed = call("get", f"database/{database}/tables/?q=(schema_name:marts)")["result"]
    tables = of_mart("select table_name from duckdb_tables() where schema_name = 'marts'")
    assert {one["value"] for one in listed} == {name for (name,) in tables}


def test_columns_are_those_of_the_mart_and_dates_are_dates(call: Call, dataset: int) -> None:
    columns = {one["column_name"]: one for one in call("get", f"dataset/{dataset}")["result"]["columns"]}
    held = of_mart("select column_name from duckdb_columns() where table_name = 'channel_efficiency'")
    assert columns.keys() == {name for (name,) in held}
    assert columns["month"]["is_dttm"]


def test_a_chart_has_the_number_of_the_mart(call: Call, dataset: int) -> None:
    spend = {"expressionType": "SIMPLE", "column": {"column_name": "spend"}, "aggregate": "SUM", "label": "spend"}
    asked = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["channel"], "metrics": [spend], "row_limit": 1000}],
        "result_format": "json", "result_type": "full",
    }  # fmt: skip
    chart = {
        "slice_name": "Spend by channel", "viz_type": "table", "datasource_id": dataset, "datasource_type": "table",
        "params": json.dumps({"viz_type": "table", "groupby": ["channel"], "metrics": [spend]}),
        "query_context": json.dumps(asked),
    }  # fmt: skip
    number = call("post", "chart/", chart)["id"]
    rows = call("get", f"chart/{number}/data/")["result"][0]["data"]
    expected = of_mart("select channel, sum(spend) from marts.channel_efficiency group by channel")
    assert len(rows) == len(expected) > 5
    assert {row["channel"]: row["spend"] for row in rows} == {
        channel: None if amount is None else pytest.approx(float(amount)) for channel, amount in expected
    }


def test_the_file_can_not_be_written(call: Call, database: int) -> None:
    asked = {"database_id": database, "schema": "marts", "sql": "delete from channel_efficiency"}
    with pytest.raises(AssertionError, match=r"read-only|DML|not allowed|Only `SELECT`"):
        call("post", "sqllab/execute/", asked)
