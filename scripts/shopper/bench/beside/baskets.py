"""Product pairs at the same support, compared with the package mlxtend.

Both read the same baskets and find every pair of products in at least a thousandth of the baskets, with its lift. Ours
is the project's own SQL (also by city tier, with intervals, without a cap on baskets); mlxtend runs FP-growth, the
faster of its algorithms, with sets of at most two, and its association rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any, Final

from shopper.bench.beside.models import built_figures, export_models
from shopper.bench.beside.sides import Step

PACKAGE: Final = "mlxtend"
UNCAPPED: Final = 10_000
_ITEMS: Final = "intermediate.int_basket_items"
_PRODUCTS: Final = "staging.stg_products"
_MODELS: Final = (
    "int_basket_item_counts", "int_basket_items_kept", "int_basket_counts", "int_basket_pairs", "int_pair_affinity",
)  # fmt: skip
_MART: Final = "marts.product_affinity"
_BASKETS_FOR_A_PAIR: Final = 1_000


def export(warehouse: Path, folder: Path) -> None:
    """Write the product baskets, and the smallest number of baskets of a pair."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        items = f"select order_id, item from {_ITEMS} where level = 'product'"
        connection.execute(f"copy ({items}) to '{folder / 'baskets.parquet'}'")
        row = connection.execute(f"select count(distinct order_id) from ({items})").fetchone()
    assert row
    minimum = ceil(row[0] / _BASKETS_FOR_A_PAIR)
    (folder / "minimum").write_text(str(minimum), encoding="utf-8")
    variables = {
        "basket_min_support": 1 / _BASKETS_FOR_A_PAIR, "basket_min_orders": minimum, "max_basket_items": UNCAPPED
    }  # fmt: skip
    models = [*(f"intermediate.{name}" for name in _MODELS), _MART]
    export_models(models, [_ITEMS, _PRODUCTS], warehouse, folder, variables)


def ours(folder: Path) -> Step:
    """The project's models, of all levels."""
    return built_figures(
        folder,
        "select count(*) as pairs, coalesce(sum(orders_together), 0) as orders_together,"
        f" coalesce(sum(lift), 0) as lift from {_MART} where level = 'product'",
    )


def theirs(folder: Path) -> Step:
    """The same with mlxtend, on a data frame with one column per product."""
    import pandas as pd

    baskets = pd.read_parquet(folder / "baskets.parquet")
    minimum = int((folder / "minimum").read_text(encoding="utf-8"))

    def step() -> Mapping[str, float]:
        pairs = pairs_of(baskets, minimum)
        sums = {name: float(pairs[name].sum()) for name in ("orders_together", "lift")}
        return {"pairs": float(len(pairs)), **sums}

    return step


def pairs_of(baskets: Any, minimum: int) -> Any:
    """Pairs in at least `minimum` orders, with support and lift, by mlxtend, from a frame of order_id and item.

    The frame for mlxtend only has products that are frequent themselves: others can't be in such a pair, and with all
    products it would not fit into memory.
    """
    import pandas as pd
    from mlxtend.frequent_patterns import association_rules, fpgrowth
    from mlxtend.preprocessing import TransactionEncoder

    count = baskets["order_id"].nunique()
    orders = baskets["item"].value_counts()
    frequent = baskets[baskets["item"].isin(orders[orders >= minimum].index)]
    lists = frequent.groupby("order_id")["item"].agg(list)
    lists = pd.concat([lists, pd.Series([[]] * (count - len(lists)))])
    encoder = TransactionEncoder()
    frame = pd.DataFrame(encoder.fit_transform(lists), columns=encoder.columns_)
    least = (minimum - 0.5) / count
    found = fpgrowth(frame, min_support=least, use_colnames=True, max_len=2)
    rules = association_rules(found, num_itemsets=count, metric="lift", min_threshold=0)
    rules["product_a"] = rules["antecedents"].map(min)
    rules["product_b"] = rules["consequents"].map(min)
    rules = rules[rules["product_a"] < rules["product_b"]]
    rules["orders_together"] = (rules["support"] * count).round().astype("int64")
    return rules[["product_a", "product_b", "orders_together", "support", "confidence", "lift"]]
