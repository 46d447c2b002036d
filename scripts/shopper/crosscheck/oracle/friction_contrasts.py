"""Levels of a friction factor against the best one, with intervals for exposures that are alike."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import truediv
from typing import Final

import numpy as np
from scipy import optimize, stats

from shopper.crosscheck.oracle.friction import Exposure, Level
from shopper.crosscheck.oracle.settings import Row

Outcome = Callable[[Exposure], bool]
Cluster = Callable[[Exposure], Hashable]
_POINTS: Final = 1201


def _session(exposure: Exposure) -> Hashable:
    return exposure.visit.session.number


def _product(exposure: Exposure) -> Hashable:
    return exposure.product_id


def _both(exposure: Exposure) -> Hashable:
    return _session(exposure), _product(exposure)


def _squares(pulls: Sequence[tuple[Exposure, float]], cluster: Cluster) -> float:
    """Pulls of a cluster are summed before they are squared."""
    sums: dict[Hashable, float] = defaultdict(float)
    for exposure, pull in pulls:
        sums[cluster(exposure)] += pull
    return sum(pull * pull for pull in sums.values())


def _pulls(found: Sequence[Exposure], outcome: Outcome) -> list[tuple[Exposure, float]]:
    """What each exposure adds to the share beyond its expectation."""
    share = sum(map(outcome, found)) / len(found)
    return [(exposure, (outcome(exposure) - share) / len(found)) for exposure in found]


def chance(levels: Sequence[Sequence[Exposure]], outcome: Outcome) -> float:
    """Chance in one tail of a comparison with the best of the levels, all of which hold together in 95 % of cases.

    Each level is as good as normal, with a variance of its own. The best of them is at x: the others lie below x, by no
    more than the quantile times the standard error of their difference from it.
    """
    variances = []
    for found in levels:
        pulls = _pulls(found, outcome)
        own = _squares(pulls, _session)
        if any(exposure.product_id is not None for exposure in found):
            products = _squares(pulls, _product)
            own = max(own, products, own + products - _squares(pulls, _both))
        variances.append(own)
    top = max(variances)
    spread = [math.sqrt(max(own / top, 0.01)) if top else 1.0 for own in variances]
    x = np.linspace(-9, 9, _POINTS)

    def missed(quantile: float) -> float:
        held = np.zeros(_POINTS)
        for best, own in enumerate(spread):
            chances = stats.norm.pdf(x, scale=own)
            for place, other in enumerate(spread):
                if place != best:
                    least = x - quantile * math.sqrt(own**2 + other**2)
                    chances = chances * (stats.norm.cdf(x, scale=other) - stats.norm.cdf(least, scale=other))
            held += chances
        return float(np.trapezoid(held, x)) - 0.95

    return float(stats.norm.sf(optimize.toms748(missed, 1.5, 8, xtol=1e-13)))


def clustered(
    one: Sequence[Exposure], other: Sequence[Exposure], outcome: Outcome, tail: float
) -> tuple[float, float] | None:
    """Interval of the difference of two shares of exposures that are alike within a session and within a product.

    The ratio of the clustered variance to the one of independent exposures divides the number of exposures in
    Newcombe's interval, with Student's quantile for a chance in one tail. Degrees of freedom are Welch's, from as many
    clusters as there would be of equal size.
    """
    shares = [sum(map(outcome, own)) / len(own) for own in (one, other)]
    pulls = [_pulls(own, outcome) for own in (one, other)]
    joined = [*pulls[0], *((exposure, -pull) for exposure, pull in pulls[1])]
    of_products = any(exposure.product_id is not None for exposure, _ in joined)

    def variance(cluster: Cluster) -> float:
        groups = sum(len({cluster(exposure) for exposure in own}) for own in (one, other))
        return _squares(joined, cluster) * (groups / (groups - 2) if groups > 2 else 1)

    deciding = _product if of_products else _session
    members = [Counter(map(deciding, own)) for own in (one, other)]
    if min(map(len, members)) < 2:
        return None
    total = variance(_session)
    if of_products:
        total = max(total + variance(_product) - variance(_both), total, variance(_product))
    freedoms = [max(count.total() ** 2 / sum(n * n for n in count.values()) - 1, 1) for count in members]
    freedom = sum(freedoms)
    if any(share not in (0, 1) for share in shares):
        own_variances = [_squares(own, deciding) for own in pulls]
        freedom = sum(own_variances) ** 2 / sum(
            own**2 / free for own, free in zip(own_variances, freedoms, strict=True)
        )
    plain = sum(share * (1 - share) / len(own) for own, share in zip((one, other), shares, strict=True))
    counts = [len(one), len(other)]
    effect = total / plain if plain and total > 0 else max(map(truediv, counts, map(len, members)))
    quantile = float(stats.t.ppf(1 - tail, freedom))
    ends = []
    for share, count in zip(shares, counts, strict=True):
        trials = count / effect
        ends.append(_roots(trials + quantile**2, -(2 * trials * share + quantile**2), trials * share**2))
    return (
        shares[0] - shares[1] - math.hypot(shares[0] - ends[0][0], ends[1][1] - shares[1]),
        shares[0] - shares[1] + math.hypot(ends[0][1] - shares[0], shares[1] - ends[1][0]),
    )


def _roots(a: float, b: float, c: float) -> tuple[float, float]:
    """Wilson's ends are the roots of a quadratic in the share."""
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@dataclass(frozen=True)
class Contrast:
    """The rate of a level compared with the best comparable level. None if there is none, or the level is the best."""

    best: str | None
    difference: float | None
    low: float | None
    high: float | None


def contrasts(
    counted: Mapping[tuple[date, str, str], Level], levels: Sequence[Row], minimum: Mapping[str, int], outcome: str
) -> dict[tuple[date, str, str], Contrast]:
    """Each level compared with the best of its month and factor. `outcome`: next_steps (best is highest) or exits
    (best is lowest).
    """
    place = {(row["factor"], row["level"]): row["level_number"] for row in levels}
    sign = -1 if outcome == "next_steps" else 1
    happened: dict[str, Callable[[Exposure], bool]] = {
        "next_steps": lambda one: one.goes_on,
        "exits": lambda one: one.ends,
    }
    groups: dict[tuple[date, str], list[str]] = defaultdict(list)
    for month, factor, level in counted:
        groups[month, factor].append(level)
    result = {}
    for (month, factor), names in groups.items():
        at_level = {name: counted[month, factor, name] for name in names}
        pairs = {name: (getattr(level, outcome), level.exposures) for name, level in at_level.items()}
        able = [name for name in names if pairs[name][1] >= minimum[factor]]
        best = min(able, key=lambda name: (sign * pairs[name][0] / pairs[name][1], place[factor, name]), default=None)
        tails: dict[tuple[str, ...], float] = {}
        for name, (count, trials) in pairs.items():
            if best is None:
                result[month, factor, name] = Contrast(None, None, None, None)
            elif name == best:
                result[month, factor, name] = Contrast(best, 0.0, None, None)
            else:
                compared = tuple(able if name in able else [*able, name])
                if compared not in tails:
                    tails[compared] = chance([at_level[one].found for one in compared], happened[outcome])
                ends = clustered(at_level[name].found, at_level[best].found, happened[outcome], tails[compared])
                difference = count / trials - pairs[best][0] / pairs[best][1]
                result[month, factor, name] = Contrast(best, difference, *(ends or (None, None)))
    return result
