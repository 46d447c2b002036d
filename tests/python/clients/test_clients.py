"""Client libraries: each reads every mart completely during a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shopper.project import project_root
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish

REASON = "not installed (make clients has an environment for it)"
sqlalchemy = pytest.importorskip("sqlalchemy", reason=f"SQLAlchemy is {REASON}")
ibis = pytest.importorskip("ibis", reason=f"ibis is {REASON}")
adbc = pytest.importorskip("adbc_driver_manager.dbapi", reason=f"ADBC's driver manager is {REASON}")

Read = Callable[[Path, str], tuple[int, list[str], Any]]
"""Function of the published file and a mart: number of rows, columns, and the first value of the first money column."""


@pytest.fixture(scope="module")
def published(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a generation of all marts, while a complete run is active until the last test ends."""
    root = project_root()
    folder = tmp_path_factory.mktemp("clients")
    warehouse = folder / "shopper.duckdb"
    shutil.copy(built, warehouse)
    publish(warehouse, folder / "published", Keep(5), datetime.now(UTC))
    # Without fingerprints the run builds everything, which takes longer than the clients.
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table landing.fingerprints")
    environment = {
        **os.environ,
        "PYTHONPATH": str(root / "scripts"),
        "SHOPPER_WAREHOUSE": str(warehouse),
        "SHOPPER_PUBLISH": str(folder / "published"),
    }
    with (folder / "run.log").open("w") as log:
        run = subprocess.Popen(
            [sys.executable, "-m", "shopper", "run"], cwd=root, env=environment, stdout=log, stderr=log
        )
        yield folder / "published"
        was_on = run.poll() is None
        code = run.wait(timeout=900)
    text = (folder / "run.log").read_text()
    assert code == 0, text
    assert was_on, "the run had ended before the clients had"


def _marts(published: Path) -> dict[str, int]:
    """Number of rows of each mart in the current generation."""
    manifest = json.loads((published / "current" / "generation.json").read_text())
    return {name.partition(".")[2]: rows for name, rows in manifest["rows"].items() if name.startswith("marts.")}


def _with_duckdb(file: Path, mart: str) -> tuple[int, list[str], Any]:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        result = connection.execute(f"select * from marts.{mart}")
        columns = [column[0] for column in result.description]
        rows = result.fetchall()
    return len(rows), columns, rows


def _with_sqlalchemy(file: Path, mart: str) -> tuple[int, list[str], Any]:
    engine = sqlalchemy.create_engine(f"duckdb:///{file}", connect_args={"read_only": True})
    with engine.connect() as connection:
        result = connection.execute(sqlalchemy.text(f"select * from marts.{mart}"))
        columns, rows = list(result.keys()), result.fetchall()
    engine.dispose()
    return len(rows), columns, rows


def _with_pandas(file: Path, mart: str) -> tuple[int, list[str], Any]:
    import pandas

    engine = sqlalchemy.create_engine(f"duckdb:///{file}", connect_args={"read_only": True})
    with engine.connect() as connection:
        frame = pandas.read_sql(sqlalchemy.text(f"select * from marts.{mart}"), connection)
    engine.dispose()
    return len(frame), list(frame.columns), frame.itertuples(index=False, name=None)


def _with_polars(file: Path, mart: str) -> tuple[int, list[str], Any]:
    import polars

    frame = polars.read_parquet(file.parent / "current" / "parquet" / "marts" / f"{mart}.parquet")
    return frame.height, frame.columns, frame.iter_rows()


def _with_ibis(file: Path, mart: str) -> tuple[int, list[str], Any]:
    connection = ibis.duckdb.connect(file, read_only=True)
    table = connection.table(mart, database="marts").to_pyarrow()
    connection.disconnect()
    return table.num_rows, table.column_names, zip(*table.to_pydict().values(), strict=True)


def _with_adbc(file: Path, mart: str) -> tuple[int, list[str], Any]:
    import _duckdb

    options = {"path": str(file), "access_mode": "READ_ONLY"}
    with (
        adbc.connect(driver=_duckdb.__file__, entrypoint="duckdb_adbc_init", db_kwargs=options) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select * from marts.{mart}")
        table = cursor.fetch_arrow_table()
    return table.num_rows, table.column_names, zip(*table.to_pydict().values(), strict=True)


CLIENTS: dict[str, Read] = {
    "duckdb": _with_duckdb,
    "SQLAlchemy": _with_sqlalchemy,
    "pandas": _with_pandas,
    "Polars": _with_polars,
    "ibis": _with_ibis,
    "ADBC": _with_adbc,
}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_reads_every_mart_during_a_run(client: str, published: Path) -> None:
    read, marts = CLIENTS[client], _marts(published)
    assert len(marts) > 50
    for mart, expected in marts.items():
        rows, columns, values = read(published / "shopper.duckdb", mart)
        assert rows == expected, f"{client} reads {rows} rows of {mart}, of {expected}"
        assert len(columns) == len(set(columns)) > 1
        if mart == "kpi_daily":
            place = columns.index("net_revenue")
            money = [row[place] for row in values]
            assert sum(Decimal(str(value)) for value in money) == _revenue(published)


def _revenue(published: Path) -> Decimal:
    import pyarrow.compute
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(published / "current" / "parquet" / "marts" / "kpi_daily.parquet")
    return Decimal(pyarrow.compute.sum(table["net_revenue"]).as_py())
