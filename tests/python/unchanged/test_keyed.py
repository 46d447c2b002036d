"""Models of which only some keys are built again end in the same tables as full builds, whatever happened before."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from changing_shop import build_and_die
from keyed_shop import KEYED, VISITS, KeyedShop, key_changes, keyed_project

_SEQUENCES = int(os.environ.get("SHOPPER_SEQUENCES", "1"))
_STEPS = 6
_FOUND = "macros/engine/keyed.sql"
_BUILD = "macros/engine/build_affected_keys.sql"
_DIGESTS = "macros/engine/key_digests.sql"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `first`, a shop that is built once."""
    place = tmp_path_factory.mktemp("keyed")
    shop = KeyedShop(keyed_project(place / "shop" / "project"), place / "shop" / "data")
    shop.begin()
    shop.build()
    shutil.move(place / "shop", place / "first")
    return place


@pytest.fixture
def shop(built: Path) -> KeyedShop:
    """A shop that the test may change. It is always in the same folder, so that dbt need not parse again."""
    shutil.rmtree(built / "shop", ignore_errors=True)
    shutil.copytree(built / "first", built / "shop")
    return KeyedShop(built / "shop" / "project", built / "shop" / "data")


@pytest.mark.parametrize("seed", range(_SEQUENCES))
def test_after_every_change_each_table_equals_a_full_build(seed: int, shop: KeyedShop) -> None:
    random = Random(seed)
    keyed: Counter[str] = Counter()
    for step in range(_STEPS):
        possible = key_changes(shop, random)
        made = random.sample(sorted(possible), k=random.choice([1, 1, 2]))
        for name in made:
            possible[name]()
        if step == 4:
            process = multiprocessing.get_context("spawn").Process(
                target=build_and_die, args=(shop, random.randrange(8, 30))
            )
            process.start()
            process.join()
        keyed.update(shop.build().keyed)
        assert shop.differences() == [], f"step {step}: {made}"
    assert keyed.keys() == KEYED and min(keyed.values()) >= _STEPS // 3, keyed


def test_a_change_is_built_by_key(shop: KeyedShop) -> None:
    shop.execute("update raw.events set page_url = '/p1' where event_id = 'e60'")
    assert shop.build().keyed == KEYED
    assert shop.build().built == set()
    # The date moves past the events of a few visitors.
    shop.variables["as_of_date"] = "2024-01-27"
    assert shop.build().keyed == {"int_visits", "int_visit_sums"}
    assert shop.differences() == []


def test_a_selection_misses_no_change(shop: KeyedShop) -> None:
    for event in ("e60", "e61"):
        shop.execute(f"update raw.events set page_url = '/p1' where event_id = '{event}'")
        shop.build("--select", "+int_known_events", "int_pages")
    assert shop.build().keyed == {"int_visits", "int_visit_sums"}
    assert shop.differences() == []


def test_code_rules_and_other_types_build_everything(shop: KeyedShop) -> None:
    shop.edit("macros/rules/spend_factor.sql", "%}1{%", "%}2{%")
    built = shop.build()
    assert "int_visits" in built.built - built.keyed
    shop.edit("seeds/reference/spending_levels.csv", "middle,", "middle,1")
    shop.execute("update raw.events set page_url = '/p1' where event_id = 'e60'")
    assert shop.build().built >= KEYED
    assert shop.differences() == []
    full = shop.build("--full-refresh", "--exclude-resource-type", "unit_test")
    assert full.built >= KEYED and full.keyed == set()


def test_many_keys_build_everything(shop: KeyedShop) -> None:
    shop.execute("update raw.events set session_id = session_id || 'x'")
    built = shop.build()
    assert built.built >= KEYED and built.keyed == set()
    assert shop.differences() == []


@pytest.mark.parametrize(
    ("path", "part", "other", "change"),
    [
        (VISITS, "          apart: session_id\n", "", "session of two visitors"),
        (VISITS, "of: [int_known_events]", "of: []", "page of another visitor"),
        (_BUILD, "for unused in range(1000) if", "for unused in range(1) if", "session of two visitors"),
        (_FOUND, "' where version > ' ~ consumed", "' where version > 1000 + ' ~ consumed", "new event"),
        (_DIGESTS, "having sum(digest) <> 0 or sum", "having sum", "page of another visitor"),
    ],
)
def test_every_part_is_needed(path: str, part: str, other: str, change: str, shop: KeyedShop) -> None:
    shop.edit(path, part, other)
    random = Random(3)
    for _time in range(2):
        key_changes(shop, random)[change]()
        shop.build()
    assert shop.differences() != []
