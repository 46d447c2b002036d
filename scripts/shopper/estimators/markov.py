"""Exact removal effects of channels in an absorbing first-order Markov chain.

A path of touches ends in an order or is lost. The chain moves from touch to touch with the observed probabilities. A
channel is removed by sending all its visits to `lost`. Source: Anderl, Becker, von Wangenheim and Schumann
(2016), "Mapping the customer journey", International Journal of Research in Marketing 33(3).

Without simulation, and with one solution of the chain: with the expected visits N = (I - Q)^-1, the probability that a
path ever visits channel c is N[start, c] / N[c, c], and the orders lost without c are those after a visit of c.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from shopper.estimators.rounding import ten_digits

START: Final = "(start)"
ORDER: Final = "(order)"
LOST: Final = "(lost)"

# Decimals of shares. They are converted to whole parts later, so that they are rounded only once.
_SHARE_PLACES: Final = 10

EFFECTS: Final = pa.schema(
    [
        ("month", pa.date32()),
        ("order_type", pa.string()),
        ("channel", pa.string()),
        ("removal_effect", pa.float64()),
        ("credit_share", pa.float64()),
    ]
)

Transitions = Mapping[tuple[str, str], int]


def removal_effects(transitions: Transitions) -> dict[str, float]:
    """Share of orders (0 to 1) lost without a channel, by channel.

    transitions: observed number by (from, to): from `(start)` or a channel, to a channel, `(order)` or `(lost)`. Raises
    ValueError if no path ends in an order.
    """
    channels = sorted({to for _, to in transitions} - {ORDER, LOST})
    places = {channel: place for place, channel in enumerate(channels)}
    seen = np.zeros((len(channels), len(channels)))
    ordered, started = np.zeros(len(channels)), np.zeros(len(channels))
    outgoing = np.zeros(len(channels))
    for (origin, to), count in sorted(transitions.items()):
        if origin == START:
            started[places[to]] += count
            continue
        outgoing[places[origin]] += count
        if to == ORDER:
            ordered[places[origin]] += count
        elif to != LOST:
            seen[places[origin], places[to]] += count
    visits = np.linalg.inv(np.eye(len(channels)) - seen / outgoing[:, None])
    converting = visits @ (ordered / outgoing)
    reached = (started / started.sum()) @ visits / np.diag(visits)
    whole = float(started @ converting / started.sum())
    if not whole > 0:
        raise ValueError("no path ends in an order")
    return {channel: float(reached[place] * converting[place] / whole) for channel, place in places.items()}


def credit_shares(effects: Mapping[str, float], converting: set[str]) -> dict[str, float]:
    """Removal effects, scaled to a sum of 1 over the channels in `converting`.

    The chain is memoryless, so channels that are on no path with an order also have an effect; they get no share.
    """
    total = sum(effect for channel, effect in effects.items() if channel in converting)
    return {channel: effect / total for channel, effect in effects.items() if channel in converting}


def channel_effects(transitions: pa.Table) -> pa.Table:
    """Effect and share by channel, month and order_type. The columns of `EFFECTS`.

    transitions: month, order_type, from_channel, to_channel, transitions, converting_transitions (those on paths with
    an order). There is no row for a month and type without orders. credit_share is 0 for
    channels that are on no path with an order. Effects have ten significant digits, shares ten decimals.
    """
    cells: dict[tuple[object, str], dict[tuple[str, str], int]] = defaultdict(dict)
    converting: dict[tuple[object, str], set[str]] = defaultdict(set)
    for row in transitions.to_pylist():
        cell, to = (row["month"], row["order_type"]), row["to_channel"]
        cells[cell][row["from_channel"], to] = row["transitions"]
        if row["converting_transitions"]:
            converting[cell].add(to)
    rows = []
    for month, order_type in sorted(cells, key=str):
        cell = (month, order_type)
        if ORDER not in converting[cell]:
            continue
        effects = removal_effects(cells[cell])
        shares = credit_shares(effects, converting[cell])
        rows += [
            {
                "month": month,
                "order_type": order_type,
                "channel": channel,
                "removal_effect": ten_digits(effect),
                "credit_share": round(shares.get(channel, 0.0), _SHARE_PLACES),
            }
            for channel, effect in effects.items()
        ]
    return pa.Table.from_pylist(rows, EFFECTS)
