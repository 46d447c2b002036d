"""A sum over a mart is right: no row is a total of other rows, and a column that multiplies what it cuts is declared.

Every mart of the sample shop and every column of its key is checked. The sample holds rows in all of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest

from shopper.publish.descriptions import keys

NOT_ADDED_UP: Final = {
    "friction_factors": {"level_number"},  # the order of the levels
    "kpi_monthly": {"display_order"},  # the order of the KPIs
}
"""Whole numbers by mart that are no amounts or counts, so that sums of them mean nothing."""

DECLARED: Final = "Fix to one value"


@dataclass(frozen=True)
class Mart:
    """A mart: columns of its key, its counts and amounts, and the columns that a reader must fix to one value."""

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    fixed: frozenset[str] = frozenset()

    def others(self, column: str) -> str:
        """SQL list of the key columns but this one; a constant if there is no other."""
        return ", ".join(f'"{key}"' for key in self.keys if key != column) or "1 = 1"


@dataclass(frozen=True)
class Built:
    """The built sample shop: its marts, and the descriptions of their columns."""

    connection: duckdb.DuckDBPyConnection
    marts: tuple[Mart, ...]
    columns: dict[str, dict[str, Any]]


def is_amount(column: dict[str, Any]) -> bool:
    """Whether the column holds whole numbers or decimals; ratios are doubles."""
    return str(column["data_type"]).lower().startswith(("bigint", "integer", "decimal"))


def read_marts(manifest: dict[str, Any]) -> tuple[Mart, ...]:
    """The marts with their keys, measures and fixed columns."""
    found = []
    for name, key in keys(manifest).items():
        node = manifest["nodes"][name]
        if node["resource_type"] == "model" and node["schema"] == "marts":
            columns, left_out = node["columns"].items(), {*key, *NOT_ADDED_UP.get(node["name"], ())}
            measures = (column for column, one in columns if column not in left_out and is_amount(one))
            fixed = (column for column, one in columns if one["meta"].get("fix_to_one_value"))
            found.append(Mart(node["name"], key, tuple(measures), frozenset(fixed)))
    return tuple(found)


@pytest.fixture(scope="module")
def built(sample_warehouse: Path) -> Any:
    manifest = json.loads((sample_warehouse.parent / "target" / "manifest.json").read_text(encoding="utf-8"))
    columns = {node["name"]: node["columns"] for node in manifest["nodes"].values() if "columns" in node}
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        connection.execute("use marts")
        yield Built(connection, read_marts(manifest), columns)


def totals(connection: duckdb.DuckDBPyConnection, mart: Mart) -> list[str]:
    """Values of key columns whose rows are, in some measure, always the sum of two or more other rows."""
    found = []
    for column in mart.keys if mart.measures else ():
        whole, parts, are_totals = [], [], []
        for measure in mart.measures:
            whole.append(f'coalesce(sum("{measure}"), 0) as "{measure}"')
            parts.append(f'count(*) filter (where "{measure}" <> 0) as "{measure} parts"')
            here, together = f'coalesce(mart."{measure}", 0)', f'wholes."{measure}"'
            are_totals.append(
                f'bool_and(2 * {here} = {together}) and bool_or({here} <> 0 and wholes."{measure} parts" > 2)'
            )
        rows = connection.execute(
            f"""
            with mart as (select *, row({mart.others(column)}) as place from "{mart.name}"),
            wholes as (select place, {", ".join(whole + parts)} from mart group by place)
            select mart."{column}", {", ".join(are_totals)}
            from mart join wholes on wholes.place is not distinct from mart.place
            group by mart."{column}"
            order by mart."{column}"
            """
        ).fetchall()
        found += [
            f"{mart.name}.{column} = {member}: {measure}"
            for member, *flags in rows
            for measure, flag in zip(mart.measures, flags, strict=True)
            if flag
        ]
    return found


def multipliers(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, str]:
    """Key columns each of whose values holds the same total of a measure, with that measure.

    A denominator that stands in every row of its group is left out: it is one number, whatever the column says.
    """
    found = {}
    for column in mart.keys if mart.measures else ():
        sums = ", ".join(f'sum("{measure}") as "{measure}"' for measure in mart.measures)
        equal = ", ".join(
            f'count("{measure}") > 1 and min("{measure}") = max("{measure}") and max("{measure}") <> 0'
            for measure in mart.measures
        )
        counts = ", ".join(f'count(distinct "{measure}") as "{measure}"' for measure in mart.measures)
        once = ", ".join(f'max("{measure}") = 1 and max(rows_here) > 1' for measure in mart.measures)
        source = f'from "{mart.name}" group by'
        same = connection.execute(f'select {equal} from (select {sums} {source} "{column}")').fetchone() or ()
        repeated: tuple[Any, ...] = ()
        if any(same):
            places = f"select count(*) as rows_here, {counts} {source} {mart.others(column)}"
            repeated = connection.execute(f"select {once} from ({places})").fetchone() or ()
        for measure, is_same, is_repeated in zip(mart.measures, same, repeated, strict=False):
            if is_same and not is_repeated:
                found[column] = measure
    return found


def test_no_row_is_a_total_of_others(built: Built) -> None:
    assert len(built.marts) > 60
    assert [one for mart in built.marts for one in totals(built.connection, mart)] == []


def test_what_multiplies_is_declared(built: Built) -> None:
    undeclared = {
        f"{mart.name}.{column}": measure
        for mart in built.marts
        for column, measure in multipliers(built.connection, mart).items()
        if column not in mart.fixed
    }
    assert undeclared == {}


def test_a_declared_column_says_so_first_and_is_of_the_key(built: Built) -> None:
    for mart in built.marts:
        columns = built.columns[mart.name]
        said = {name for name, column in columns.items() if column["description"].startswith(DECLARED)}
        assert said == mart.fixed, mart.name
        assert mart.fixed <= set(mart.keys), mart.name


@pytest.fixture
def shop() -> Any:
    with duckdb.connect() as connection:
        connection.execute(
            "create table sales as select * from (values ('a', 'x', 3), ('a', 'y', 2), ('b', 'x', 5), ('b', 'y', 1))"
            " as rows (month, channel, orders)"
        )
        yield connection


SALES: Final = Mart("sales", ("month", "channel"), ("orders",))


def test_a_total_is_found(shop: duckdb.DuckDBPyConnection) -> None:
    assert totals(shop, SALES) == [] and multipliers(shop, SALES) == {}
    shop.execute("insert into sales select month, 'all', sum(orders) from sales group by month")
    assert totals(shop, SALES) == ["sales.channel = all: orders"]


def test_a_column_that_multiplies_is_found(shop: duckdb.DuckDBPyConnection) -> None:
    shop.execute(
        "create table credits as select model, channel, case when model = 'first' then orders else 11 - orders end"
        " as orders from (values ('x', 6), ('y', 5)) as rows (channel, orders),"
        " (values ('first'), ('last')) as all_models (model)"
    )
    credits = Mart("credits", ("model", "channel"), ("orders",))
    assert multipliers(shop, credits) == {"model": "orders", "channel": "orders"}
    shop.execute("alter table credits add column visits integer default 7")
    assert multipliers(shop, Mart("credits", ("model", "channel"), ("visits",))) == {}


def test_a_mart_of_one_key_column_has_no_total(shop: duckdb.DuckDBPyConnection) -> None:
    shop.execute("create table channels as select channel, sum(orders) as orders from sales group by channel")
    shop.execute("insert into channels values ('z', 9)")
    channels = Mart("channels", ("channel",), ("orders",))
    assert totals(shop, channels) == []
    shop.execute("insert into channels values ('all', 20)")
    assert totals(shop, channels) == ["channels.channel = all: orders"]
