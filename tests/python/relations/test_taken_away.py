"""Each table taken away: what was measured with it is null, not 0 or false."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import pytest
from base_shop import Base
from expectations import EMPTY_IS_ZERO

TABLES: Final = (
    "campaigns", "competitor_prices", "customers", "events", "exchange_rates", "experiment_assignments",
    "experiment_variants", "inventory_snapshots", "marketing_spend", "messages", "order_items", "orders", "payments",
    "products", "promotions", "refunds", "reviews", "sessions", "shipments", "support_tickets", "survey_responses",
)  # fmt: skip
Values = dict[str, tuple[int, int]]


def _values(connection: duckdb.DuckDBPyConnection, marts: set[str]) -> Values:
    """Of every number and truth value of the marts: how many are 0 or false, and how many are anything else."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and (data_type = 'BOOLEAN' or"
        " numeric_precision is not null) order by all"
    ).fetchall()
    found: Values = {}
    for mart in sorted(marts):
        names = [column for table, column in columns if table == mart]
        counts = ", ".join(
            f'count(*) filter ("{name}"::double = 0), count(*) filter ("{name}"::double <> 0)' for name in names
        )
        row = connection.execute(f"select {counts} from marts.{mart}").fetchone() if names else ()
        assert row is not None
        found |= {f"{mart}.{name}": (row[2 * place], row[2 * place + 1]) for place, name in enumerate(names)}
    return found


@pytest.mark.parametrize("table", TABLES)
def test_what_is_not_known_without_a_table_is_null(base: Base, table: str, tmp_path: Path) -> None:
    """A column that had other values and is 0 or false in all rows that have it is measured without a measure."""
    found = zeros_without(base, table, tmp_path)
    assert found - EMPTY_IS_ZERO.get(table, set()) == set()


def zeros_without(base: Base, table: str, folder: Path) -> set[str]:
    """Columns that are 0 or false throughout once a table is empty."""
    path = folder / base.warehouse.name
    with base.replay.copy(path) as connection:
        before = _values(connection, set(base.marts))
        connection.execute(f"delete from raw.{table}")
        moved = base.replay.run(connection, downstream_of=table)
        after = _values(connection, moved & set(base.marts))
    path.unlink()
    return {name for name, (zeros, others) in after.items() if zeros and not others and before[name][1]}
