"""Shops of two sizes each, on which the compiled models run with the work of every model recorded."""

from __future__ import annotations

from pathlib import Path

import odd_shop
import pytest
from recorded import EVENTS, ODD_ROWS, Works, recorded

from replay import Replay, compiled
from shopper.bench.domains import VARIABLES, land_generated
from shopper.generate import generate


@pytest.fixture(scope="session")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """The models, compiled for the raw tables of the generator. None of them is built."""
    folder = tmp_path_factory.mktemp("growth")
    warehouse, target = folder / "shop.duckdb", folder / "target"
    generate(folder / "raw", events=EVENTS[0], format="parquet")
    land_generated(folder / "raw", warehouse)
    return compiled(warehouse, target, VARIABLES)


@pytest.fixture(scope="session")
def generated(replay: Replay, tmp_path_factory: pytest.TempPathFactory) -> tuple[Works, Works]:
    """The work of every model on generated shops of both sizes."""
    folder = tmp_path_factory.mktemp("generated")

    def land(warehouse: Path, events: int) -> None:
        generate(folder / "raw", events=events, format="parquet")
        land_generated(folder / "raw", warehouse)

    small, large = (recorded(replay, folder / f"{events}.duckdb", land, events) for events in EVENTS)
    return small, large


@pytest.fixture(scope="session")
def odd(replay: Replay, tmp_path_factory: pytest.TempPathFactory) -> tuple[Works, Works]:
    """The work of every model on shops where one visitor, one order, one customer and one key have nearly all rows."""
    folder = tmp_path_factory.mktemp("odd")
    small, large = (recorded(replay, folder / f"{rows}.duckdb", odd_shop.land, rows) for rows in ODD_ROWS)
    return small, large
