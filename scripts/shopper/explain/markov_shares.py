"""The share of a channel under the Markov model, by solving the chain again without the channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from shopper.explain.computing import Computed, Fitted
from shopper.explain.warehouse import Warehouse, filled


def _markov_share(warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
    """The chain is solved again without the channel, instead of by the estimator's one solution for all channels."""
    steps = warehouse.rows(
        filled(
            "select from_channel, to_channel, transitions, converting_transitions"
            " from intermediate.int_path_transitions where month = $month and order_type = $order_type order by all",
            row,
        )
    )
    known = warehouse.value(
        filled("select $model in (select model from reference.attribution_models where method = 'markov')", row)
    )
    converting = sorted({step["to_channel"] for step in steps if step["converting_transitions"]} - {"(order)"})
    if not known or row["channel"] not in converting:
        return {}, 0.0 if known and any(step["to_channel"] == row["channel"] for step in steps) and converting else None
    whole = _orders_per_path(steps, None)
    lost = {channel: whole - _orders_per_path(steps, channel) for channel in converting}
    inputs = {"orders per path": round(whole, 6), "without the channel": round(whole - lost[row["channel"]], 6)}
    return inputs, lost[row["channel"]] / sum(lost.values())


def _orders_per_path(steps: Sequence[Mapping[str, Any]], removed: str | None) -> float:
    """Probability that a path ends in an order, where every visit to the removed channel is lost."""
    places = {name: place for place, name in enumerate(sorted({step["from_channel"] for step in steps}))}
    moves, orders = np.eye(len(places)), np.zeros(len(places))
    totals: dict[str, int] = defaultdict(int)
    for step in steps:
        totals[step["from_channel"]] += step["transitions"]
    for step in steps:
        origin, to = step["from_channel"], step["to_channel"]
        share = step["transitions"] / totals[origin]
        if to == "(order)":
            orders[places[origin]] += share
        elif to != "(lost)" and to != removed:
            moves[places[origin], places[to]] -= share
    return float(np.linalg.solve(moves, orders)[places["(start)"]])


FITTED: Final = {"markov_share": Fitted(_markov_share, ("intermediate.int_path_transitions",))}
