"""Tables taken away: what was measured with one is null, not 0 or false; and all data tests hold."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pytest
from base_shop import Base
from expectations import EMPTY_IS_ZERO, TURNS_ZERO

from running import ROOT
from shopper.contract import load_contract

TABLES: Final = tuple(sorted(table.name for table in load_contract(ROOT).tables))
# Shops with several tables less, each six seconds. Set it to 100 after a change of what tables are joined.
GROUPS: Final = int(os.environ.get("SHOPPER_TABLE_GROUPS", "4"))
_FIRST_GROUP: Final = 16
"""Its tables found a fault."""
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


@dataclass(frozen=True)
class Without:
    """A shop without a table: columns that are 0 or false throughout, those that turn so in some row, and rows of
    failing data tests.
    """

    table: str
    throughout: set[str]
    turned: set[str]
    failures: dict[str, int]


@pytest.fixture(scope="module", params=TABLES)
def without(request: pytest.FixtureRequest, base: Base, tmp_path_factory: pytest.TempPathFactory) -> Without:
    table: str = request.param
    path = tmp_path_factory.mktemp("less") / base.warehouse.name
    marts = set(base.marts)
    with base.replay.copy(path) as connection:
        before = _values(connection, marts)
        connection.execute("create schema whole")
        for mart in marts:
            connection.execute(f"create table whole.{mart} as from marts.{mart}")
        connection.execute(f"delete from raw.{table}")
        reached = base.replay.run(connection, downstream_of=table)
        after = _values(connection, reached & marts)
        turned = _turned(connection, reached & marts, base.replay.keys)
        failures = base.data_tests.failures(connection, reached)
    path.unlink()
    throughout = {name for name, (zeros, others) in after.items() if zeros and not others and before[name][1]}
    return Without(table, throughout, turned, failures)


def test_what_is_not_known_without_a_table_is_null(without: Without) -> None:
    """A column that had other values and is 0 or false, in all rows that have it or in some, is measured without a
    measure.
    """
    explained = EMPTY_IS_ZERO.get(without.table, set())
    turns = TURNS_ZERO.get(without.table, set())
    assert without.throughout - explained == set()
    assert {name for name in without.turned - explained - turns if f"{name.split('.')[0]}.*" not in turns} == set()


def test_data_tests_hold_without_a_table(without: Without) -> None:
    assert without.failures == {}


def test_data_tests_hold_on_the_whole_shop(base: Base) -> None:
    with duckdb.connect(str(base.warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        assert base.data_tests.failures(connection, base.replay.names) == {}


@pytest.mark.parametrize("seed", range(_FIRST_GROUP, _FIRST_GROUP + GROUPS))
def test_data_tests_hold_without_several_tables(base: Base, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    group = chance.sample(TABLES, chance.randint(2, len(TABLES) - 1))
    path = tmp_path / base.warehouse.name
    with base.replay.copy(path) as connection:
        for table in group:
            connection.execute(f"delete from raw.{table}")
        base.replay.run(connection)
        failures = base.data_tests.failures(connection, base.replay.names)
    path.unlink()
    assert (group, failures) == (group, {})
