"""Product pairs compared with the package `mlxtend`: time and memory at the same support.

    python -m shopper.bench.baskets warehouse/shopper.duckdb [support, 0.001] [python of an environment with mlxtend]

Both read the same baskets from the warehouse (a file of order and product) and find every pair of products in at least
that share of the baskets, with its lift. Ours is the project's own SQL, compiled by dbt and run by DuckDB (also by city
tier, with intervals, without a cap on baskets); mlxtend runs FP-growth, the faster of its algorithms, with sets of at
most two, and its association rules. Each runs in its own process. Prints one JSON line for each, and whether the pairs
are equal.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any, Final

_THIS: Final = Path(__file__).resolve()
MODELS: Final = (
    "int_basket_item_counts", "int_basket_items_kept", "int_basket_counts", "int_basket_pairs",
    "int_pair_affinity", "product_affinity",
)  # fmt: skip
UNCAPPED: Final = 10_000


def export(warehouse: Path, folder: Path) -> int:
    """Write the product baskets to `baskets.parquet` in the folder. Returns their number."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        items = "from intermediate.int_basket_items where level = 'product'"
        connection.execute(f"copy (select * {items}) to '{folder / 'baskets.parquet'}'")
        row = connection.execute(f"select count(distinct order_id) {items}").fetchone()
    assert row
    return int(row[0])


def compiled(name: str, folder: Path, support: str, minimum: int) -> None:
    """Write the compiled SQL of the models for a warehouse of that file name to `<model>.sql` in the folder."""
    from shopper.dbt import run_dbt

    variables = {"basket_min_support": float(support), "basket_min_orders": minimum, "max_basket_items": UNCAPPED}
    target, warehouse = folder / "target", folder / "empty" / name
    warehouse.parent.mkdir()
    run_dbt(["compile", "--select", *MODELS], variables=variables, warehouse=warehouse, target=target)
    for model in MODELS:
        path = next((target / "compiled").rglob(f"{model}.sql"))
        (folder / f"{model}.sql").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")


def ours(folder: Path, minimum: int, warehouse: str) -> dict[str, Any]:
    """Run the compiled models in order, in a new file with the name of the warehouse."""
    import duckdb

    schemas = {model: "marts" if model == "product_affinity" else "intermediate" for model in MODELS}
    with duckdb.connect(str(folder / warehouse), config={"preserve_insertion_order": False}) as connection:
        for schema in ("intermediate", "staging", "marts"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table staging.stg_products (product_id varchar, product_name varchar)")
        connection.execute(f"create view intermediate.int_basket_items as from '{folder / 'baskets.parquet'}'")
        wall, cpu = time.perf_counter(), time.process_time()
        for model in MODELS:
            query = (folder / f"{model}.sql").read_text(encoding="utf-8")
            connection.execute(f"create table {schemas[model]}.{model} as {query}")
        result = {"who": "shopper", "cpu_seconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
        pairs = "select product_a, product_b, orders_together from marts.product_affinity"
        connection.execute(f"copy ({pairs}) to '{folder / 'ours.parquet'}'")
    return result


def theirs(folder: Path, minimum: int) -> dict[str, Any]:
    """The same with `mlxtend`, on a data frame with one column per product."""
    import pandas as pd

    baskets = pd.read_parquet(folder / "baskets.parquet", columns=["order_id", "item"])
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = pairs_of(baskets, minimum)
    result = {"who": "mlxtend", "cpu_seconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    pairs.to_parquet(folder / "theirs.parquet", index=False)
    return result


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


def _child(side: str, folder: str, minimum: str, warehouse: str) -> None:
    """Run one side in this process. Prints its result with its peak memory."""
    try:
        path, least = Path(folder), int(minimum)
        result = ours(path, least, warehouse) if side == "ours" else theirs(path, least)
    except Exception as error:
        result = {"who": side, "error": f"{type(error).__name__}: {error}"}
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


def same_pairs(folder: Path, sides: Sequence[str]) -> dict[str, Any]:
    """Number of pairs by side, and whether all sides have the same pairs with the same counts."""
    import duckdb

    queries = {side: f"select product_a, product_b, orders_together from '{folder / side}.parquet'" for side in sides}
    with duckdb.connect() as connection:
        rows = {side: set(connection.execute(query).fetchall()) for side, query in queries.items()}
    first, *others = rows.values()
    return {"pairs": len(first), "same": all(other == first for other in others)}


def main(warehouse: str, support: str = "0.001", other_python: str = sys.executable) -> None:
    """Run all sides, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(warehouse).resolve()
        minimum = ceil(Decimal(support) * export(path, folder))
        compiled(path.name, folder, support, minimum)
        sides = {"ours": sys.executable, "theirs": other_python}
        for side, python in sides.items():
            command = [python, str(_THIS), "--child", side, str(folder), str(minimum), path.name]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(done.stdout.strip() or done.stderr.strip().splitlines()[-1])
        if all((folder / f"{side}.parquet").exists() for side in sides):
            print(json.dumps({"support": float(support), "minimum_orders": minimum, **same_pairs(folder, [*sides])}))


if __name__ == "__main__":
    _child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main(*sys.argv[1:])
