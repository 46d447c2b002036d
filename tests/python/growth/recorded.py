"""The compiled models, run on raw tables of a given size with the work of every model recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import duckdb
from plans import Work, recorder

from replay import Replay

Works = dict[str, Work]
EVENTS: Final = (60_000, 240_000)
ODD_ROWS: Final = (50_000, 200_000)


def recorded(
    replay: Replay, warehouse: Path, land: Callable[[Path, int], None], size: int, needed: Collection[str] | None = None
) -> Works:
    """The work of every model (or of those that models of the names `needed` need) on a copy of the compiled warehouse,
    with raw tables that `land` writes at that size.
    """
    works: Works = {}
    replay.copy(warehouse).close()
    land(warehouse, size)
    with duckdb.connect(str(warehouse), config={"threads": 2, "preserve_insertion_order": False}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        replay.run(connection, needed=needed, after=recorder(connection, warehouse.with_suffix(".json"), works))
    warehouse.unlink()
    return works
