"""Values of fitted models, computed again from the parameters and the inputs of one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import stats

from shopper.explain.rules import ColumnRule
from shopper.explain.warehouse import Warehouse, filled

Computed = tuple[Mapping[str, Any], Any]
"""Inputs and parameters by name, and the value that follows from them."""


@dataclass(frozen=True)
class Fitted:
    """A computation, the relations that it reads, and the columns of the mart that it is made of."""

    compute: Callable[[Warehouse, Mapping[str, Any]], Computed]
    relations: tuple[str, ...]
    terms: tuple[str, ...] = ()


def _wilson(successes: str, trials: str, side: str) -> Callable[[Warehouse, Mapping[str, Any]], Computed]:
    """One end of the 95 % interval of a share."""

    def compute(_: Warehouse, row: Mapping[str, Any]) -> Computed:
        hits, count = row[successes], row[trials]
        inputs = {successes: hits, trials: count, "confidence": 0.95}
        if not count or hits is None:
            return inputs, None
        interval = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
        return inputs, float(getattr(interval, side))

    return compute


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


_FITTED: Final[dict[str, Fitted]] = {
    f"wilson_{side}": Fitted(
        _wilson("kept_promises", "eligible_promises", side), (), ("kept_promises", "eligible_promises")
    )
    for side in ("low", "high")
} | {
    "markov_share": Fitted(_markov_share, ("intermediate.int_path_transitions",)),
}


def computed(name: str, warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
    """The inputs and the value of a fitted model for one row of its mart."""
    return _FITTED[name].compute(warehouse, row)


def relations(rule: ColumnRule) -> tuple[str, ...]:
    """The relations that a fitted value reads; none of other kinds."""
    return _FITTED[rule.content].relations if rule.kind == "fitted" else ()


def terms(name: str) -> tuple[str, ...]:
    """The columns of the mart that a fitted value is made of."""
    return _FITTED[name].terms
