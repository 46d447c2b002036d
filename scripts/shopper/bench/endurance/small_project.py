"""A shop small enough to be run a hundred times: the project's own macros, checks, profiles and input contract, with
three marts over one raw table in place of its models.
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
    """Make the small project in `folder`, of the project at `root`; the result is `folder`."""
    shutil.copytree(_MODELS, folder)
    for name in ("macros", "profiles", "tests/generic"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "dbt_project.yml", folder)
    shutil.copy(root / "models" / "_groups.yml", folder / "models")
    # What the loader looks up.
    for seed in ("enumerations.csv", "event_type_mapping.csv"):
        shutil.copy(root / "seeds" / "reference" / seed, folder / "seeds" / "reference")
    for sources in (root / "models" / "staging").glob("*/_*__sources.yml"):
        room = folder / "models" / "staging" / sources.parent.name
        room.mkdir(exist_ok=True)
        shutil.copy(sources, room)
    return folder


def write_orders(file: Path, version: int, orders_per_day: int = 2000, more: str = "") -> None:
    """Orders as Parquet, every value text, the same for the same arguments; each version is a day longer.

    `more` is SQL for rows of (order_id, customer_id, ordered_at, total_amount, status), to make the data wrong with.
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
    """A configuration `<file>.yml` that loads `orders`, with its warehouse and publish folder in `folder`; `values` are
    further keys.
    """
    mapping = folder / f"{file}_mapping.yml"
    mapping.write_text(f"sources:\n  orders: {{path: {orders}}}\ntables:\n  orders: {{source: orders}}\n", "utf-8")
    config = folder / f"{file}.yml"
    document = {"load": mapping.name, "warehouse": "warehouse/shop.duckdb", "publish": "published", **values}
    # JSON is YAML too.
    config.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return config
