"""The base of the tests of ready sources: a warehouse with empty raw tables, and all models compiled for it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from replay import Replay
from running import ROOT
from shopper.contract import load_contract
from shopper.dbt import run_dbt

VARIABLES: Final = {"raw_data": "source", "reporting_timezone": "Europe/Paris", "reporting_currency": "EUR"}


def build_base(folder: Path) -> Replay:
    """Create the warehouse and compile the models in a folder."""
    warehouse = folder / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw")
        for table in load_contract(ROOT).tables:
            columns = ", ".join(f"{column.name} varchar" for column in table.columns)
            connection.execute(f"create table raw.{table.name} ({columns})")
    for command in (["seed"], ["compile", "--write-json"]):
        run_dbt(command, variables=VARIABLES, warehouse=warehouse, target=folder / "target")
    return base_in(folder)


def base_in(folder: Path) -> Replay:
    """The base that was built in a folder."""
    return Replay(folder / "shop.duckdb", folder / "target")
