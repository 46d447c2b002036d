"""Publications for the tests of the dashboard: the sample shop, a shop that lands orders only, an empty one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from replay import Replay
from running import ROOT
from shopper.dbt import run_dbt
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish

APP = ROOT / "scripts/shopper/dashboard/app.py"
Open = Callable[[str, str, Path], Any]
"""Function of a page, a language and a folder of publications: the page that was run."""
LANDED: dict[str, tuple[str, ...]] = {"orders": ("orders",), "empty": ()}


def publish_sample(built: Path, folder: Path) -> Path:
    """Publish a copy of the built sample shop. Returns the folder of publications."""
    warehouse = folder / "shopper.duckdb"
    shutil.copy(built, warehouse)
    return publish_again(warehouse)


def publish_reduced(built: Path, folder: Path, shop: str) -> Path:
    """Publish what the models make of the sample shop with most of its raw tables empty."""
    warehouse, target = folder / "shopper.duckdb", ROOT / "target"
    compiled = {path.stem for path in (target / "compiled").rglob("*.sql")}
    if not {path.stem for path in (ROOT / "models").rglob("*.sql")} <= compiled:
        target = folder / "target"
        run_dbt(["compile", "--write-json"], warehouse=built, target=target)
    replay = Replay(built, target)
    with replay.copy(warehouse) as connection:
        raw = connection.execute("select table_name from duckdb_tables() where schema_name = 'sample'").fetchall()
        for (table,) in raw:
            if table.removeprefix("raw_") not in LANDED[shop]:
                connection.execute(f"delete from sample.{table}")
        replay.run(connection)
    return publish_again(warehouse)


def publish_again(warehouse: Path) -> Path:
    """Publish a warehouse beside it. Returns the folder of publications."""
    folder = warehouse.parent / "published"
    publish(warehouse, folder, Keep(3), datetime.now(UTC), artifacts=ROOT / "target")
    return folder


def changed(publications: Path, folder: Path, *statements: str) -> Path:
    """Publications with one generation: a copy of the current one in which the statements have run."""
    source = (publications / "current").resolve()
    target = folder / "published" / "generations" / source.name
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("parquet"))
    (folder / "published" / "current").symlink_to(Path("generations") / source.name)
    with duckdb.connect(str(target / "shopper.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder / "published"
