"""Shops without any effect, for measuring how often intervals hold the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shopper.estimators.differences import level_differences

Chance = np.random.Generator


def page_loads(chance: Chance, sessions: int = 400) -> list[tuple[int, int, str | None, bool]]:
    """Exposures (level, session, no product, next step): pages of visits; load times are alike within a visit and have
    nothing to do with its order.
    """
    found: list[tuple[int, int, str | None, bool]] = []
    for session in range(sessions):
        pages = 1 + int(chance.poisson(4))
        last = int(chance.integers(pages)) if chance.random() < 0.04 * pages else -1
        speed = float(chance.normal())
        for page in range(pages):
            level = int(np.clip(np.floor(1.5 + 0.8 * speed + 0.8 * chance.normal()), 0, 3))
            found.append((level, session, None, page <= last))
    return found


def product_views(
    chance: Chance, sessions: int = 400, products: int = 60, levels: int = 3
) -> list[tuple[int, int, str | None, bool]]:
    """Exposures (level, session, product, next step): views of products of unequal appeal; the level belongs to the
    product and has nothing to do with its appeal.
    """
    appeal = chance.beta(4, 30, products)
    level = chance.integers(0, levels, products)
    popularity = chance.dirichlet(np.full(products, 2.0))
    found: list[tuple[int, int, str | None, bool]] = []
    for session in range(sessions):
        mood = float(chance.normal(0, 0.8))
        for product in chance.choice(products, 1 + int(chance.poisson(3)), p=popularity):
            odds = appeal[product] / (1 - appeal[product]) * np.exp(mood)
            found.append((int(level[product]), session, str(product), bool(chance.random() < odds / (1 + odds))))
    return found


def friction_pairs(exposures: Sequence[tuple[int, int, str | None, bool]]) -> pa.Table:
    """The rows of the macro cluster_products, for the rule `r`: the input of `level_differences`."""
    clusters: dict[tuple[str, int | None, str | None], dict[int, list[int]]] = {}
    for level, session, product, is_next in exposures:
        kinds: list[tuple[str, int | None, str | None]] = [("session", session, None)]
        if product is not None:
            kinds += [("product", None, product), ("both", session, product)]
        for kind in kinds:
            own = clusters.setdefault(kind, {}).setdefault(level, [0, 0])
            own[0] += 1
            own[1] += is_next
    sums: dict[tuple[str, int, int], list[int]] = {}
    for (name, _, _), levels in clusters.items():
        for one, (trials, hits) in levels.items():
            for other, (other_trials, other_hits) in levels.items():
                row = sums.setdefault((name, one, other), [0] * 6)
                products = (1, hits * other_hits, hits * other_trials, trials * other_trials, trials, hits)
                row[:] = [total + product for total, product in zip(row, products, strict=True)]
    columns = ("clusters", "next_steps_both", "next_steps_with_exposures", "exposures_both", "exposures", "next_steps")
    return pa.Table.from_pylist(
        [
            {
                "rule": "r", "cluster_kind": name, "level": str(one), "other_level": str(other),
                **dict(zip(columns, row, strict=True)),
            }
            for (name, one, other), row in sums.items()
        ]
    )  # fmt: skip


def holds_zero(exposures: Sequence[tuple[int, int, str | None, bool]], minimum: int = 30) -> list[bool]:
    """Whether each interval of the difference to the best level holds 0; none where a level has no interval."""
    found = level_differences(friction_pairs(exposures), {"r": minimum}, ("rule",), ("next_steps",)).to_pylist()
    trials, hits = Counter[str](), Counter[str]()
    for level, _, _, is_next in exposures:
        trials[str(level)] += 1
        hits[str(level)] += is_next
    able = [level for level, count in trials.items() if count >= minimum]
    best = max(able, key=lambda level: (hits[level] / trials[level], level))
    return [
        row["next_steps_difference_low"] <= 0 <= row["next_steps_difference_high"]
        for row in found
        if row["other_level"] == best and row["next_steps_difference_low"] is not None
    ]


def daily_sales(chance: Chance, days: int, correlation: float) -> npt.NDArray[np.float64]:
    """Net revenue of days around a level and a weekly rhythm; each day keeps a part of the day before."""
    noise = chance.normal(size=days + 50)
    for day in range(1, days + 50):
        noise[day] += correlation * noise[day - 1]
    rhythm = 15_000 * (np.arange(days) % 7 >= 5)
    return np.round(100_000 + rhythm + 40 * np.arange(days) + 20_000 * noise[50:], 2)
