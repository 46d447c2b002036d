"""Relations between shops: a changed shop has the same marts, or marts that change in a known way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
from base_shop import AS_OF, Base
from changes import (
    cut,
    deliver_twice,
    double_population,
    in_order_of_names,
    old_name,
    other_currency,
    rename,
    shift,
    split_lines,
    without_costs,
)
from expectations import (
    COST,
    CURRENCY,
    OF_COVERED,
    RENAMED,
    ROWS_OF_PEOPLE,
    SAME_FOR_TWICE_THE_PEOPLE,
    SHIFTED,
    SPLIT_LINES,
    TOTALS_OVER_MONTHS,
    WITH_TWICE_THE_PEOPLE,
    Columns,
)
from mart_rows import Marts, Row, differences, mapped, read_marts
from small_shop import RETURN_NOTATIONS

Change = Callable[[duckdb.DuckDBPyConnection], None]
YEAR: Final = timedelta(days=364)
WEST: Final = timedelta(hours=15)
"""How much later midnight comes in Phoenix than in Shanghai. Neither changes its clocks."""


def _same(value: Any) -> Any:
    return value


def _earlier(value: Any) -> Any:
    return value - YEAR if isinstance(value, date) else value


def _east(value: Any) -> Any:
    return value - WEST if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Relation:
    """A change of the raw tables, the values of vars that go with it, and how to undo it in the marts: by value, and in
    what is left then.
    """

    change: Change
    literals: Mapping[str, str] = field(default_factory=dict)
    undo: Callable[[Any], Any] = _same
    settle: Callable[[Marts], Marts] = _same
    changed: Columns = field(default_factory=dict)


RELATIONS: Final = {
    "every row twice": Relation(deliver_twice),
    "cut at the as-of date": Relation(partial(cut, end=f"{AS_OF}T16:00:00Z")),
    "another time zone": Relation(
        partial(shift, hours=15), literals={"Asia/Shanghai": "America/Phoenix"}, undo=_east
    ),
    "another currency": Relation(other_currency, changed=CURRENCY),
    "renamed": Relation(rename, undo=old_name, settle=in_order_of_names, changed=RENAMED),
    "lines of one unit": Relation(split_lines, changed=SPLIT_LINES),
    "a year later": Relation(
        partial(shift, days=YEAR.days),
        literals={AS_OF: (date.fromisoformat(AS_OF) + YEAR).isoformat()},
        undo=_earlier,
        changed={**SHIFTED, **{mart: {"*"} for mart in TOTALS_OVER_MONTHS}},
    ),
    "everybody twice": Relation(double_population),
    "without costs": Relation(without_costs),
}  # fmt: skip


class Shops:
    """The marts of the changed shops, each built once."""

    def __init__(self, base: Base, folder: Path) -> None:
        self.base, self._folder = base, folder
        self._built: dict[str, Marts] = {}

    def marts(self, name: str) -> Marts:
        if name not in self._built:
            relation = RELATIONS[name]
            assert all(self.base.replay.literal_count(literal) for literal in relation.literals)
            path = self._folder / name.replace(" ", "_") / self.base.warehouse.name
            path.parent.mkdir()
            with self.base.replay.copy(path) as connection:
                relation.change(connection)
                self.base.replay.run(connection, literals=relation.literals)
                marts = mapped(read_marts(connection), lambda _mart, _column, value: relation.undo(value))
            self._built[name] = relation.settle(marts)
            path.unlink()
        return self._built[name]


@pytest.fixture(scope="module")
def shops(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Shops:
    return Shops(base, tmp_path_factory.mktemp("changed"))


def test_the_replay_equals_dbt(base: Base, tmp_path: Path) -> None:
    with base.replay.copy(tmp_path / base.warehouse.name) as connection:
        for schema in ("staging", "intermediate", "marts"):
            connection.execute(f"drop schema {schema} cascade")
            connection.execute(f"create schema {schema}")
        base.replay.run(connection)
        assert differences(base.marts, read_marts(connection)) == {}
    assert {mart for mart, rows in base.marts.items() if not rows} <= {"gift_cards"}


EQUAL: Final = [name for name in RELATIONS if name not in {"everybody twice", "without costs"}]


@pytest.mark.parametrize("name", EQUAL)
def test_all_other_columns_are_equal(shops: Shops, name: str) -> None:
    assert differences(shops.base.marts, shops.marts(name), RELATIONS[name].changed) == {}


@pytest.mark.parametrize("mart", TOTALS_OVER_MONTHS)
def test_a_year_later_all_months_together_hold_as_much(shops: Shops, mart: str) -> None:
    for column in TOTALS_OVER_MONTHS[mart]:
        before, after = (
            sum(row[column] or 0 for row in marts[mart]) for marts in (shops.base.marts, shops.marts("a year later"))
        )
        assert before and _is_near(before, after), (column, before, after)


def test_everybody_twice_has_twice_the_rows(shops: Shops) -> None:
    twice = mapped(
        shops.marts("everybody twice"),
        lambda _mart, _column, value: value.replace("~2", "") if isinstance(value, str) else value,
    )
    assert differences(
        {mart: [*rows, *rows] for mart, rows in shops.base.marts.items() if mart in ROWS_OF_PEOPLE},
        {mart: rows for mart, rows in twice.items() if mart in ROWS_OF_PEOPLE},
        WITH_TWICE_THE_PEOPLE,
    ) == {}  # fmt: skip


def test_everybody_twice_moves_lifespans_of_small_channels_alone(shops: Shops) -> None:
    """A channel needs 30 customers whose first order is 180 days old, else it has the lifespan of the shop."""
    settled = date.fromisoformat(AS_OF) - timedelta(days=180)
    customers = shops.base.marts["customers"]
    old = [row for row in customers if row["first_order_date"] and row["first_order_date"] <= settled]
    counts = Counter(row["acquisition_channel"] for row in old)
    channels = {row["customer_id"]: row["acquisition_channel"] for row in customers}
    before, after = (
        {row["customer_id"]: row["expected_lifespan_months"] for row in marts["customer_lifetime_value"]}
        for marts in (shops.base.marts, shops.marts("everybody twice"))
    )
    moved = {channels[customer] for customer, months in before.items() if not _is_near(months, after[customer])}
    assert moved
    assert {channel for channel in moved if not 15 <= counts[channel] < 30} == set()


def test_everybody_twice_doubles_sums_and_leaves_ratios(shops: Shops) -> None:
    wrong: dict[str, object] = {}
    for mart, rows in shops.base.marts.items():
        left_out = WITH_TWICE_THE_PEOPLE.get(mart, set())
        if rows and mart not in ROWS_OF_PEOPLE and "*" not in left_out:
            wrong.update(_not_doubled(mart, rows, shops.marts("everybody twice")[mart], left_out))
    assert wrong == {}


def _not_doubled(mart: str, rows: list[Row], doubled: list[Row], left_out: set[str]) -> dict[str, object]:
    """Columns of a mart that do not double, or do not stay, with the first pair of values."""
    numbers = {name for name in rows[0] if any(_is_number(row[name]) for row in rows)}
    measures = {name for name in numbers if name not in _KEYS.get(mart, set())}
    keys = [name for name in rows[0] if name not in measures | left_out]
    after = {tuple(str(row[name]) for name in keys): row for row in doubled}
    assert len(after) == len(doubled) == len(rows), (mart, len(after), len(doubled), len(rows))
    found: dict[str, object] = {}
    for row in rows:
        other = after.get(tuple(str(row[name]) for name in keys))
        if other is None:
            found.setdefault(mart, ("no such row", {name: row[name] for name in keys}))
            continue
        for name in measures - left_out:
            factor = 1 if name in SAME_FOR_TWICE_THE_PEOPLE else 2
            expected = None if row[name] is None else row[name] * factor
            if not _is_near(expected, other[name]):
                found.setdefault(f"{mart}.{name}", (row[name], other[name]))
    return found


_KEYS: Final = {
    "category_seasonality": {"season"}, "clv_backtest": {"decile"}, "customer_tier_summary": {"priority"},
    "funnel_daily": {"step_number"}, "purchase_timing": {"weekday", "hour"}, "retention_cohorts": {"months_since"},
    "retention_cohorts_overall": {"months_since"}, "visitor_funnel_daily": {"step_number"},
    "send_time_preferences": {"hour"}, "shopper_type_summary": {"priority"},
}  # fmt: skip
"""Numbers that are part of a mart's key."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_near(expected: Any, found: Any) -> bool:
    """Equal but for the rounding of parts: two cents, or a hundred thousandth."""
    if expected is None or found is None:
        return expected is found
    return abs(float(expected) - float(found)) <= max(0.021, 2e-5 * abs(float(expected)))


def test_without_costs_all_other_columns_are_equal(shops: Shops) -> None:
    changed = {mart: set(columns) for mart, columns in OF_COVERED.items()}
    for mart, (_revenue, columns) in COST.items():
        changed[mart] = changed.get(mart, set()) | columns
    assert differences(shops.base.marts, shops.marts("without costs"), changed) == {}


@pytest.mark.parametrize(
    ("mart", "column"),
    [(mart, column) for mart in COST for column in sorted(COST[mart][1])],
)
def test_without_costs_a_margin_is_null(shops: Shops, mart: str, column: str) -> None:
    revenue = COST[mart][0]
    assert any(row[column] is not None for row in shops.base.marts[mart])
    known = [row[column] for row in shops.marts("without costs")[mart] if row[revenue] and row[column] is not None]
    assert known == []


@pytest.mark.parametrize("notation", RETURN_NOTATIONS)
def test_a_full_return_is_the_same_in_each_notation(base: Base, notation: str) -> None:
    key = f"returned-{notation}"
    (order,) = (row for row in base.marts["orders"] if row["order_id"] == key)
    (customer,) = (row for row in base.marts["customers"] if row["customer_id"] == key)
    units = [
        (row["returned_quantity"], row["kept_quantity"]) for row in base.marts["order_items"] if row["order_id"] == key
    ]
    assert {name: order[name] for name in _RETURNED} == _RETURNED
    # A status tells of money. That the goods came back is not known, so they count as kept, and their cost too.
    are_back = notation != "status"
    assert sorted(units) == ([(1, 0), (2, 0)] if are_back else [(0, 1), (0, 2)])
    assert (order["gross_margin"] == 0) is are_back
    assert customer["net_revenue_after_refunds"] == 0


_RETURNED: Final = {
    "is_valid": True, "net_revenue": 250, "goods_refund_amount": 250, "other_refund_amount": 10,
    "net_revenue_after_refunds": 0,
}  # fmt: skip
