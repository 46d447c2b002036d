"""A project small enough to run a hundred times: the macros, checks, profiles and input contract of the real project,
but only three marts on one raw table.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import duckdb

_MODELS: Final = Path(__file__).parent / "small_shop"
_DAYS: Final = 60


def small_project(root: Path, folder: Path) -> Path:
    """Create the small project in `folder`, from the project in `root`. Returns `folder`."""
    shutil.copytree(_MODELS, folder)
    for name in ("macros", "profiles", "tests/generic", "docs/definitions"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "dbt_project.yml", folder)
    shutil.copy(root / "models" / "_groups.yml", folder / "models")
    # Seeds that the loader reads.
    for seed in ("enumerations.csv", "event_type_mapping.csv", "order_status_mapping.csv"):
        shutil.copy(root / "seeds" / "reference" / seed, folder / "seeds" / "reference")
    for sources in (root / "models" / "staging").glob("*/_*__sources.yml"):
        domain = folder / "models" / "staging" / sources.parent.name
        domain.mkdir(exist_ok=True)
        shutil.copy(sources, domain)
    return folder


def write_orders(file: Path, version: int, orders_per_day: int = 2000, more: str = "") -> None:
    """Write orders as Parquet with text columns. The same arguments give the same rows; each version is one day longer.

    more: SQL for additional rows of (order_id, customer_id, ordered_at, total_amount, status), for faulty data.
    """
    rows = (_DAYS + version) * orders_per_day
    query = f"""
        select
            'o' || range as order_id,
            'c' || (range * 7919 % 5003) as customer_id,
            strftime(timestamp '2024-01-01' + interval (range * 86400 // {orders_per_day}) second, '%Y-%m-%dT%H:%M:%SZ')
                as ordered_at,
            cast(range * 31 % 9973 as varchar) || '.50' as total_amount,
            'paid' as status
        from range({rows})
    """
    if more:
        query += f" union all by name {more}"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{file}' (format parquet)")


def write_config(folder: Path, orders: Path, file: str = "shop", **values: object) -> Path:
    """Write a configuration `<file>.yml` that loads `orders`, with warehouse and publish folder in `folder`. `values`
    are additional keys.
    """
    mapping = folder / f"{file}_mapping.yml"
    mapping.write_text(f"sources:\n  orders: {{path: {orders}}}\ntables:\n  orders: {{source: orders}}\n", "utf-8")
    config = folder / f"{file}.yml"
    document = {"load": mapping.name, "warehouse": "warehouse/shop.duckdb", "publish": "published", **values}
    # JSON is YAML too.
    config.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return config
