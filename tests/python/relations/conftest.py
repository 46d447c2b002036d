"""The small shop, built once by dbt; every relation runs its compiled models again on changed raw tables."""

from __future__ import annotations

import duckdb
import pytest
from base_shop import VARIABLES, Base
from mart_rows import read_marts
from small_shop import land_small_shop

from data_tests import DataTests
from replay import Replay
from shopper.dbt import WITHOUT_TESTS, run_dbt


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder = tmp_path_factory.mktemp("relations")
    warehouse, target = folder / "shop.duckdb", folder / "target"
    land_small_shop(warehouse)
    for command in (
        ["build", *WITHOUT_TESTS],
        ["compile", "--select", "resource_type:test", "--write-json"],
    ):
        run_dbt(command, variables=VARIABLES, warehouse=warehouse, target=target)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        marts = read_marts(connection)
    return Base(Replay(warehouse, target), DataTests(target), warehouse, marts)
