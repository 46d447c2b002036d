"""The change log of raw tables: new, changed and removed keys since the last successful run, whoever wrote the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from running import ROOT, rows
from shopper.casts import CastRules
from shopper.change_log import ChangeLog, KeyChanges, compare_all, move_mark_after_build
from shopper.contract import Contract, load_contract
from shopper.erasure.rewriting import rewrite_without
from shopper.load.landing import load
from shopper.load.mapping import read_mapping
from shopper.load.report import notes

CONTRACT: Contract = load_contract(ROOT)
RULES = CastRules(ROOT)


class Raw:
    """A warehouse whose raw tables something other than the loader fills."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("create schema raw")
        self.log = ChangeLog(self.connection, "memory", ROOT, RULES)

    def put(self, table: str, columns: str, values: str) -> None:
        self.connection.execute(f"create or replace table raw.{table} as from (values {values}) as rows ({columns})")

    def changes(self, table: str, *, moved: bool = False) -> list[tuple[object, ...]]:
        """The changed keys; with `moved` they are then those of a successful run."""
        self.log.compare([CONTRACT.by_name[table]])
        found = self.connection.execute(f"from landing.changed_{table} order by all").fetchall()
        if moved:
            self.log.move_mark([CONTRACT.by_name[table]])
        return found


@pytest.fixture
def raw() -> Iterator[Raw]:
    filled = Raw()
    filled.put("orders", "order_id, status", "('1', 'paid'), ('2', 'paid'), ('2', 'paid'), ('3', null)")
    yield filled
    filled.connection.close()


def test_all_keys_are_new_before_the_first_run_and_none_after_it(raw: Raw) -> None:
    assert raw.changes("orders", moved=True) == [("1", "new"), ("2", "new"), ("3", "new")]
    assert raw.changes("orders") == []
    assert raw.log.counts() == (KeyChanges("orders", 0, 0, 0, has_mark=True),)


def test_keys_are_new_changed_and_removed(raw: Raw) -> None:
    raw.changes("orders", moved=True)
    raw.put("orders", "order_id, status", "('1', 'paid'), ('2', 'paid'), ('3', 'paid'), (' 4 ', 'paid'), (null, 'x')")
    assert raw.changes("orders") == [("2", "changed"), ("3", "changed"), ("4", "new")]
    raw.connection.execute("drop table raw.orders")
    assert raw.changes("orders", moved=True) == [("1", "removed"), ("2", "removed"), ("3", "removed")]
    assert raw.changes("orders") == []


def test_changed_and_changed_back_is_no_change(raw: Raw) -> None:
    raw.changes("orders", moved=True)
    raw.connection.execute("update raw.orders set status = 'cancelled' where order_id = '1'")
    assert raw.changes("orders") == [("1", "changed")]
    raw.connection.execute("update raw.orders set status = 'paid' where order_id = '1'")
    assert raw.changes("orders") == []


def test_types_order_and_columns_outside_the_contract_are_no_change(raw: Raw) -> None:
    raw.put("orders", "order_id, status, total_amount", "('1', 'paid', '5'), ('2', null, null)")
    raw.changes("orders", moved=True)
    raw.put(
        "orders",
        "note, total_amount, ORDER_ID, status, currency",
        "('x', null, 2, null, null), (null, 5, 1, 'paid', null)",
    )
    assert raw.changes("orders") == []


def test_a_table_without_its_key_column_has_the_keys_of_staging(raw: Raw) -> None:
    values = "('v', 'pv', '1'), ('v', 'pv', '1'), ('w', 'pv', '1')"
    raw.put("events", "visitor_id, event_type, occurred_at", values)
    keys = [str(key) for key, _change in raw.changes("events", moved=True)]
    assert sorted(key.rsplit("-", 1)[1] for key in keys) == ["1", "1", "2"]
    raw.put("events", "visitor_id, event_type, occurred_at", values + ", ('v', 'pv', '1')")
    ((key, change),) = raw.changes("events", moved=True)
    assert (str(key).rsplit("-", 1)[1], change) == ("3", "new")


def test_keys_of_several_columns_may_have_unknown_parts(raw: Raw) -> None:
    raw.put("marketing_spend", "spend_date, utm_source, spend", "('2024-01-01', 'a', '1'), ('2024-01-01', null, '1')")
    raw.changes("marketing_spend", moved=True)
    raw.put("marketing_spend", "spend_date, utm_source, spend", "('2024-01-01', 'a', '1'), ('2024-01-01', null, '2')")
    raw.changes("marketing_spend")
    found = raw.connection.execute(
        "select spend_date, utm_source, change from landing.changed_marketing_spend"
    ).fetchall()
    assert found == [("2024-01-01", None, "changed")]


def test_rows_that_changed_during_a_run_make_all_keys_new(raw: Raw) -> None:
    """Which of the rows the run has read can't be known."""
    raw.changes("orders", moved=True)
    raw.connection.execute("update raw.orders set status = 'cancelled' where order_id = '1'")
    raw.log.move_mark([CONTRACT.by_name["orders"]])
    assert raw.changes("orders") == [("1", "new"), ("2", "new"), ("3", "new")]


row = st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", "", None]))


@settings(max_examples=25, derandomize=True, deadline=None, phases=[Phase.generate])
@given(steps=st.lists(st.tuples(st.lists(row, max_size=6), st.booleans()), min_size=2, max_size=5))
def test_the_log_is_the_difference_of_two_states(steps: list[tuple[list[tuple[str, str | None]], bool]]) -> None:
    raw = Raw()
    raw.connection.execute("create table raw.orders (order_id varchar, status varchar)")
    marked: list[tuple[str, str | None]] = []
    for present, moved in steps:
        raw.connection.execute("delete from raw.orders")
        for one in present:
            raw.connection.execute("insert into raw.orders values (?, ?)", one)
        assert raw.changes("orders", moved=moved) == difference(marked, present)
        marked = present if moved else marked
    raw.connection.close()


def difference(before: list[tuple[str, str | None]], after: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """Key and change, from the bags of rows by key."""
    states = []
    for state in (before, after):
        by_key: dict[str, Counter[str | None]] = defaultdict(Counter)
        for key, status in state:
            by_key[key][status] += 1
        states.append(by_key)
    old, new = states
    kinds = {key: "new" if key not in old else "removed" if key not in new else "changed" for key in {*old, *new}}
    return sorted((key, kind) for key, kind in kinds.items() if old.get(key) != new.get(key))


def test_a_load_counts_keys_and_a_successful_run_moves_the_mark(tmp_path: Path) -> None:
    warehouse, orders = tmp_path / "shop.duckdb", tmp_path / "day-1.csv"
    orders.write_text("order_id,ordered_at\n1,2024-01-01\n2,2024-01-02\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("{sources: {shop: {path: day-*.csv}}, tables: {orders: {source: shop}}}", encoding="utf-8")

    def run() -> str:
        return "\n".join(notes(load(read_mapping(mapping, CONTRACT), CONTRACT, ROOT, warehouse)))

    assert "all keys are new, since no run has succeeded yet: orders" in run()
    build(warehouse, failures=1)
    assert rows(warehouse, "select mark from landing.change_log") == [(None,)]
    build(warehouse, failures=0)
    assert "changed since" not in run()
    (tmp_path / "day-2.csv").write_text("order_id,ordered_at\n2,2024-02-02\n3,2024-02-01\n", encoding="utf-8")
    assert "changed since the last successful run: orders: 1 new, 1 changed, 0 removed keys" in run()
    assert rows(warehouse, "from landing.changed_orders order by all") == [("2", "changed"), ("3", "new")]
    (tmp_path / "day-2.csv").unlink()
    assert "changed since" not in run()


def test_a_mark_that_cannot_be_moved_is_said(tmp_path: Path) -> None:
    """Publication has succeeded by then."""
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema landing; create table landing.last_build as select 1 as other")
    problem = move_mark_after_build(warehouse, CONTRACT, ROOT)
    assert problem is not None
    assert problem.startswith("the change log still counts from the run before: ")


def build(warehouse: Path, failures: int) -> None:
    """What a run does around its build."""
    compare_all(warehouse, CONTRACT, ROOT)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create or replace table landing.last_build as select 'build' as command, 'source' as raw_data,"
            f" true as is_whole, {failures} as failures"
        )
    move_mark_after_build(warehouse, CONTRACT, ROOT)


def test_an_erased_customer_is_not_in_the_change_log(tmp_path: Path) -> None:
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw; create schema landing")
        connection.execute("create table raw.customers as from (values ('anna'), ('ben')) as rows (customer_id)")
    build(warehouse, failures=0)
    rewrite_without(warehouse, CONTRACT, RULES, ("anna",))
    assert compare_all(warehouse, CONTRACT, ROOT) == (KeyChanges("customers", None, 0, 0, has_mark=False),)
    assert rows(warehouse, "from landing.changed_customers") == [("ben", "new")]
    content = warehouse.read_bytes()
    assert b"anna" not in content
    assert b"ben" in content
