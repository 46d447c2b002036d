"""Each table taken away: what was measured with it is null, not 0 or false, in a column as in a single row."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import pytest
from base_shop import Base
from expectations import EMPTY_IS_ZERO, TURNS_ZERO

TABLES: Final = (
    "campaigns", "competitor_prices", "customers", "events", "exchange_rates", "experiment_assignments",
    "experiment_variants", "inventory_snapshots", "marketing_spend", "messages", "order_items", "orders", "payments",
    "products", "promotions", "refunds", "reviews", "sessions", "shipments", "support_tickets", "survey_responses",
)  # fmt: skip
Values = dict[str, tuple[int, int]]


def _numbers(connection: duckdb.DuckDBPyConnection, marts: set[str]) -> dict[str, list[str]]:
    """The columns of every mart that hold numbers or truth values."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and (data_type = 'BOOLEAN' or"
        " numeric_precision is not null) order by all"
    ).fetchall()
    return {mart: [column for table, column in columns if table == mart] for mart in sorted(marts)}


def _values(connection: duckdb.DuckDBPyConnection, marts: set[str]) -> Values:
    """Of every number and truth value of the marts: how many are 0 or false, and how many are anything else."""
    found: Values = {}
    for mart, names in _numbers(connection, marts).items():
        counts = ", ".join(
            f'count(*) filter ("{name}"::double = 0), count(*) filter ("{name}"::double <> 0)' for name in names
        )
        row = connection.execute(f"select {counts} from marts.{mart}").fetchone() if names else ()
        assert row is not None
        found |= {f"{mart}.{name}": (row[2 * place], row[2 * place + 1]) for place, name in enumerate(names)}
    return found


def _turned(connection: duckdb.DuckDBPyConnection, marts: set[str], keys: dict[str, list[str]]) -> set[str]:
    """Columns with a row, the same by its key, that had another value in the schema `whole` and is 0 or false now."""
    found: set[str] = set()
    for mart, names in _numbers(connection, marts).items():
        counts = ", ".join(
            f'count(*) filter (less."{name}"::double = 0 and whole."{name}"::double <> 0)' for name in names
        )
        same = " and ".join(f'less."{key}" is not distinct from whole."{key}"' for key in keys[mart])
        row = connection.execute(
            f"select {counts} from marts.{mart} as less inner join whole.{mart} as whole on {same}"
        ).fetchone()
        assert row is not None
        found |= {f"{mart}.{name}" for name, count in zip(names, row, strict=True) if count}
    return found


@pytest.mark.parametrize("table", TABLES)
def test_what_is_not_known_without_a_table_is_null(base: Base, table: str, tmp_path: Path) -> None:
    """A column that had other values and is 0 or false, in all rows that have it or in some, is measured without a
    measure.
    """
    throughout, turned = zeros_without(base, table, tmp_path)
    explained = EMPTY_IS_ZERO.get(table, set())
    assert throughout - explained == set()
    assert {name for name in turned - explained - TURNS_ZERO.get(table, set())
            if f"{name.split('.')[0]}.*" not in TURNS_ZERO.get(table, set())} == set()  # fmt: skip


def zeros_without(base: Base, table: str, folder: Path) -> tuple[set[str], set[str]]:
    """Columns that are 0 or false throughout once a table is empty, and those that turn so in some row."""
    path = folder / base.warehouse.name
    marts = set(base.marts)
    with base.replay.copy(path) as connection:
        before = _values(connection, marts)
        connection.execute("create schema whole")
        for mart in marts:
            connection.execute(f"create table whole.{mart} as from marts.{mart}")
        connection.execute(f"delete from raw.{table}")
        moved = base.replay.run(connection, downstream_of=table) & marts
        after = _values(connection, moved)
        turned = _turned(connection, moved, base.replay.keys)
    path.unlink()
    return {name for name, (zeros, others) in after.items() if zeros and not others and before[name][1]}, turned
