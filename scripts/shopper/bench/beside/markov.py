"""Removal effects of channels in a Markov chain of touches, compared with the package ChannelAttribution.

Ours are solved exactly; the package simulates paths until its results move by less than a twentieth.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shopper.bench.beside.models import export_models, models_built
from shopper.bench.beside.sides import Step

PACKAGE: Final = "ChannelAttribution"
_TOUCHES: Final = "intermediate.int_touchpoints"
_PATHS: Final = "intermediate.int_attribution_paths"
_TRANSITIONS: Final = "intermediate.int_path_transitions"
_SHOWN: Final = 4


def export(warehouse: Path, folder: Path) -> None:
    """Write the touches, and their paths with the numbers of orders and of none."""
    import duckdb

    export_models([_TRANSITIONS], [_TOUCHES], warehouse, folder)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(
            "copy (select path, count(order_id) as orders, count(*) - count(order_id) as none"
            f" from {_PATHS} where touches > 0 group by path order by path) to '{folder / 'paths.parquet'}'"
        )


def ours(folder: Path) -> Step:
    """Transitions between all touches and, as the package does it, one chain for all months and kinds of orders."""
    from shopper.estimators.markov import removal_effects

    connection, build = models_built(folder)

    def step() -> Mapping[str, float]:
        build()
        rows = connection.execute(
            f"select from_channel, to_channel, sum(transitions) from {_TRANSITIONS} group by all"
        ).fetchall()
        return _largest(removal_effects({(origin, to): int(count) for origin, to, count in rows}))

    return step


def theirs(folder: Path) -> Step:
    """The package's Markov model on the paths."""
    import ChannelAttribution
    import pandas as pd

    paths = pd.read_parquet(folder / "paths.parquet")

    def step() -> Mapping[str, float]:
        found = ChannelAttribution.markov_model(
            paths, "path", "orders", var_null="none", out_more=True, seed=7, verbose=False, flg_pro=False
        )
        rows = found["removal_effects"].to_dict("records")
        return _largest({row["channel_name"]: float(row["removal_effect"]) for row in rows})

    return step


def _largest(effects: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(effects.items(), key=lambda effect: -effect[1])[:_SHOWN])
