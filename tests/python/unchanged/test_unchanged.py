"""Builds that leave alone what did not change end in the same tables as full builds, whatever happened before."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from changing_shop import ChangingShop, build_and_die, changes, changing_project

from shopper import imported_code
from shopper.dbt import WITHOUT_TESTS, first_error

_SEQUENCES = int(os.environ.get("SHOPPER_SEQUENCES", "2"))
_STEPS = 6
_FINGERPRINT = "macros/engine/fingerprint.sql"
_CHANNELS = "models/intermediate/channels"
_MARTS = "models/marts/_marts__models.yml"
_SPEND = {"int_spend", "int_spend_by_channel", "int_spend_ranks", "int_channels_with_spend"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `first`, a shop that is built once."""
    place = tmp_path_factory.mktemp("unchanged")
    shop = ChangingShop(changing_project(place / "shop" / "project"), place / "shop" / "data")
    shop.begin()
    shop.build()
    shutil.move(place / "shop", place / "first")
    return place


@pytest.fixture
def shop(built: Path) -> ChangingShop:
    """A shop that the test may change. It is always in the same folder, so that dbt need not parse again."""
    shutil.rmtree(built / "shop", ignore_errors=True)
    shutil.copytree(built / "first", built / "shop")
    return ChangingShop(built / "shop" / "project", built / "shop" / "data")


@pytest.mark.parametrize("seed", range(_SEQUENCES))
def test_after_every_change_each_table_equals_a_full_build(seed: int, shop: ChangingShop) -> None:
    random = Random(seed)
    for step in range(_STEPS):
        possible = changes(shop, random)
        made = random.sample(sorted(possible), k=random.choice([1, 1, 2]))
        for name in made:
            possible[name]()
        if step == 2:
            _kill(shop, random.randrange(1, 24))
        shop.build()
        assert shop.differences() == [], f"step {step}: {made}"
        assert shop.build().built == set(), f"step {step}: {made}"


def test_only_what_a_change_reaches_is_built(shop: ChangingShop) -> None:
    assert shop.build().built == set()
    shop.execute("update raw.marketing_spend set spend = '40' where platform = 'ch2'")
    # The channels with spend are the same as before: what reads them is left alone.
    assert shop.build().built == _SPEND
    shop.execute("update raw.marketing_spend set spend = '0' where platform = 'ch2'")
    assert shop.build().built == _SPEND | {"int_channel_names"}
    shop.edit("seeds/reference/spending_levels.csv", "middle,5000", "middle,200")
    assert shop.build().built == {"spending_levels", "customers"}
    shop.edit("macros/rules/spend_factor.sql", "%}1{%", "%}3{%")
    assert shop.build().built == _SPEND
    shop.edit(_MARTS, "Sum of the day's orders.", "Revenue of the day's orders.")
    assert shop.build().built == {"kpi_daily"}


def test_rows_in_another_order_or_with_another_file_key_are_no_change(shop: ChangingShop) -> None:
    shop.execute("alter table raw.orders add column _file_key varchar")
    assert shop.build().built == set()
    shop.execute(
        "create or replace table raw.orders as select * from raw.orders order by hash(order_id)",
        "update raw.orders set _file_key = 'another file'",
    )
    assert shop.build().built == set()


def test_a_full_refresh_builds_everything(shop: ChangingShop) -> None:
    assert shop.build("--full-refresh", "--exclude-resource-type", "unit_test").unchanged == set()


def test_an_empty_run_is_followed_by_a_real_one(shop: ChangingShop) -> None:
    shop.build("--empty")
    assert shop.build().built >= {"int_orders", "orders", "customers"}
    assert shop.differences() == []


def test_a_selection_is_built_from_what_is_there(shop: ChangingShop) -> None:
    shop.execute("update raw.orders set total_amount = '50'")
    assert shop.build("--select", "orders").built == set()
    assert shop.build("--select", "int_orders").built == {"int_orders"}
    assert shop.build("--select", "customers").built == set()
    assert shop.build("--select", "orders", "customers").built == {"orders", "customers"}
    assert shop.build().built == {"kpi_daily", "row_ledger", "quarantined_rows", "stg_run_period"}
    assert shop.differences() == []


def test_a_table_that_lost_rows_or_is_gone_is_built(shop: ChangingShop) -> None:
    shop.execute("delete from marts.orders where order_id = 'o1'", "drop table marts.customers")
    assert shop.build().built == {"orders", "customers"}
    assert shop.differences() == []


def test_a_view_that_becomes_a_table_and_a_view_again_is_replaced(shop: ChangingShop) -> None:
    for old, new in (("view", "table"), ("table", "view")):
        shop.edit(f"{_CHANNELS}/int_spend_by_channel.sql", f"materialized='{old}'", f"materialized='{new}'")
        assert "int_spend_by_channel" in shop.build().built
        assert shop.differences() == []


def test_a_view_whose_content_are_its_rows_reaches_nothing_if_they_stay(shop: ChangingShop) -> None:
    view = f"{_CHANNELS}/int_spend_by_channel.sql"
    shop.edit(view, "sum(spend)", "0 + sum(spend)")
    assert shop.build().built == _SPEND - {"int_spend", "int_channels_with_spend"}
    shop.edit(view, "materialized='view'", "materialized='view', meta={'content': 'rows'}")
    shop.build()
    shop.edit(view, "0 + sum(spend)", "sum(spend) + 0")
    assert shop.build().built == {"int_spend_by_channel"}
    shop.edit(view, "sum(spend) + 0", "sum(spend) + 1")
    assert shop.build().built == _SPEND - {"int_spend"} | {"int_channel_names"}
    assert shop.differences() == []


def test_a_mart_that_is_not_as_declared_stays_and_the_difference_is_named(shop: ChangingShop) -> None:
    shop.edit(
        _MARTS,
        "name: orders, data_type: bigint, description: Orders of",
        "name: orders, data_type: integer, description: Orders of",
    )
    failed = shop.invoke()
    assert "orders" in first_error(failed) and "BIGINT" in first_error(failed) and "INTEGER" in first_error(failed)
    shop.edit(_MARTS, "data_type: integer", "data_type: bigint")
    shop.build()
    assert shop.differences() == []


def test_comments_of_a_mart_are_those_of_its_description(shop: ChangingShop) -> None:
    shop.edit(_MARTS, "Sum of the day's orders.", "It's the day's revenue; $1 too.")
    shop.build()
    with duckdb.connect(str(shop.warehouse), read_only=True) as connection:
        comments = connection.execute(
            "select comment from duckdb_tables() where table_name = 'kpi_daily' union all"
            " select comment from duckdb_columns() where table_name = 'kpi_daily' and column_name = 'net_revenue'"
        ).fetchall()
    assert comments == [("One row per day.",), ("It's the day's revenue; $1 too.",)]


def test_a_node_takes_few_statements(shop: ChangingShop) -> None:
    """Each takes dbt several milliseconds: asking what is stored, begin, the table with all that belongs to it, commit;
    for a mart also its contract and what refers to it.
    """
    sent: Counter[str] = Counter()

    def count(event: Any) -> None:
        if event.info.name == "SQLQuery":
            sent[event.data.node_info.unique_id.split(".")[-1]] += 1

    shop.build("--full-refresh", *WITHOUT_TESTS, on_event=count)
    assert sent["int_channel_names"] == 4, sent
    assert sent["int_spend_by_channel"] == 4, sent
    assert sent["customers"] <= 6, sent
    sent.clear()
    shop.build(*WITHOUT_TESTS, on_event=count)
    assert sent["int_channel_names"] == sent["int_spend_by_channel"] == 1, sent


def test_tests_that_passed_on_the_same_content_are_not_run_again(shop: ChangingShop) -> None:
    # The test reads a table that was changed behind dbt's back: only a test that is run can fail.
    shop.execute("update marts.orders set order_date = null")
    assert shop.build().built == set()
    failed = shop.invoke("--full-refresh", "--select", "every_order_has_a_day")
    assert not failed.success
    assert not shop.invoke("--select", "every_order_has_a_day").success, "a test that failed is run again"


def test_a_failed_test_is_run_again_until_it_passes(shop: ChangingShop) -> None:
    shop.execute("insert into raw.orders select * from raw.orders limit 1")
    assert not shop.invoke().success
    assert not shop.invoke().success
    shop.execute("create or replace table raw.orders as select distinct * from raw.orders")
    shop.build()
    assert shop.differences() == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("        {%- do found.append(model.get('compiled_code') or '') -%}\n", "model"),
        ("        {%- do found.append(model.get('compiled_code') or '') -%}\n", "macro"),
        ("        {%- do found.append(model.get('compiled_code') or '') -%}\n", "var"),
        ("        {%- do found.append(fingerprint_key(parent) ~ ' ' ~ content) -%}\n", "spend"),
        ("+ parts -%}", "rule"),
    ],
)
def test_every_part_of_a_fingerprint_is_needed(part: str, change: str, shop: ChangingShop) -> None:
    shop.edit(_FINGERPRINT, part, "-%}" if part.endswith("-%}") else "")
    shop.build()
    changes(shop, Random(1))[change]()
    shop.build()
    assert shop.differences() != []


def test_a_python_model_is_built_when_a_module_that_it_imports_changes(
    shop: ChangingShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported_code, "code_digest", lambda code: "other code")
    assert shop.build().built == {"int_spend_ranks"}


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Path]:
    """A package of a module that imports another one, which imports a library."""
    folder = tmp_path / "shopper"
    (folder / "parts").mkdir(parents=True)
    for path, text in {
        "__init__.py": "",
        "parts/__init__.py": "",
        "parts/sums.py": "from shopper.parts import rounding\n",
        "parts/rounding.py": "import duckdb\nDIGITS = 10\n",
        "parts/other.py": "",
    }.items():
        (folder / path).write_text(text, encoding="utf-8")
    yield folder


@pytest.mark.parametrize(
    ("path", "is_read"), [("parts/sums.py", True), ("parts/rounding.py", True), ("parts/other.py", False)]
)
def test_the_digest_of_code_covers_the_modules_that_it_imports(path: str, is_read: bool, sources: Path) -> None:
    code = "def model(dbt, session):\n    from shopper.parts.sums import DIGITS\n"
    before = imported_code.code_digest(code, sources)
    with (sources / path).open("a", encoding="utf-8") as file:
        file.write("MORE = 1\n")
    assert (imported_code.code_digest(code, sources) != before) == is_read


def test_the_digest_of_code_covers_the_versions_of_libraries(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from .parts.sums import DIGITS\nimport shopper.parts.sums"
    before = imported_code.code_digest(code, sources)
    monkeypatch.setattr(imported_code, "version", lambda package: "0.1")
    assert imported_code.code_digest(code, sources) != before


def _kill(shop: ChangingShop, event: int) -> None:
    """A build in a process of its own that is killed when the given number of nodes has finished."""
    process = multiprocessing.get_context("spawn").Process(target=build_and_die, args=(shop, event))
    process.start()
    process.join()
