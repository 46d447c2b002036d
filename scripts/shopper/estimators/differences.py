"""Intervals of the difference between two levels of a factor, for the Python models int_friction_differences and
int_recent_friction_differences.

Exposures are not independent: those of one session go on or not together, and those of one product sell alike. A plain
interval takes a hundred pages of ten sessions for a hundred trials.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from scipy.special import stdtrit

from shopper.estimators.ranges import chance_per_level
from shopper.estimators.rounding import ten_digits

_KINDS: Final = ("session", "product", "both")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Level:
    """Successes among the exposures at a level."""

    hits: int
    trials: int

    @property
    def share(self) -> float:
        """Successes per exposure."""
        return self.hits / self.trials

    @property
    def variance(self) -> float:
        """Variance of the share of independent exposures."""
        return self.hits * (self.trials - self.hits) / self.trials**3


@dataclass(frozen=True)
class Products:
    """Clusters that two levels share, and sums over them: successes x successes, successes of the first x exposures of
    the other and the reverse, exposures x exposures.
    """

    clusters: int = 0
    hits: int = 0
    hits_with_trials: int = 0
    trials_with_hits: int = 0
    trials: int = 0


@dataclass(frozen=True)
class Kind:
    """Products of one kind of clusters: of each of two levels with itself, and of both."""

    one: Products
    other: Products
    both: Products


def level_differences(
    pairs: pa.Table, limits: Mapping[str, int], groups: Sequence[str], outcomes: Sequence[str]
) -> pa.Table:
    """One row per group, level and other, comparable level, with <outcome>_difference_low and _high per outcome.

    pairs: the rows of the macro cluster_products. limits: by the last of the groups, the exposures that make a level
    comparable. The difference is the share of the level less that of the other. Sorted by group and levels.
    """
    sums: dict[tuple[Any, ...], Row] = {
        (*(row[name] for name in groups), row["cluster_kind"], row["level"], row["other_level"]): row
        for row in pairs.to_pylist()
    }
    members: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for names, row in sums.items():
        if names[-3] == "session" and row["level"] == row["other_level"]:
            members[names[:-3]].append(row)
    found = []
    for key in sorted(members):
        own = sorted(members[key], key=lambda row: row["level"])
        comparable = [row for row in own if row["exposures"] >= limits[key[-1]]]
        sums_of = [_Sums(sums, key, outcome) for outcome in outcomes]
        for one in own:
            compared = comparable if one in comparable else [*comparable, one]
            ends = [_ends(each, one, compared) for each in sums_of]
            found += [
                {
                    **dict(zip(groups, key, strict=True)),
                    "level": one["level"],
                    "other_level": other["level"],
                    **{name: end for each in ends for name, end in each[other["level"]].items()},
                }
                for other in comparable
                if other is not one
            ]
    columns = [f"{outcome}_difference_{end}" for outcome in outcomes for end in ("low", "high")]
    schema = pa.schema(
        [
            *((name, pairs.schema.field(name).type) for name in groups),
            ("level", pa.string()),
            ("other_level", pa.string()),
            *((column, pa.float64()) for column in columns),
        ]
    )
    return pa.Table.from_pylist(found, schema)


@dataclass(frozen=True)
class _Sums:
    """The sums of one outcome over the levels of a group."""

    rows: Mapping[tuple[Any, ...], Row]
    group: tuple[Any, ...]
    outcome: str

    def level(self, row: Row) -> Level:
        return Level(row[self.outcome], row["exposures"])

    def kinds(self, one: Row, other: Row) -> dict[str, Kind]:
        return {
            kind: Kind(self._products(kind, one, one), self._products(kind, other, other),
                       self._products(kind, one, other))
            for kind in _KINDS
        }  # fmt: skip

    def _products(self, kind: str, first: Row, second: Row) -> Products:
        row = self.rows.get((*self.group, kind, first["level"], second["level"]))
        back = self.rows.get((*self.group, kind, second["level"], first["level"]))
        if row is None or back is None:
            return Products()
        return Products(
            row["clusters"], row[f"{self.outcome}_both"], row[f"{self.outcome}_with_exposures"],
            back[f"{self.outcome}_with_exposures"], row["exposures_both"],
        )  # fmt: skip


def _ends(sums: _Sums, one: Row, compared: Sequence[Row]) -> dict[str, dict[str, float | None]]:
    """By other level, both ends of the interval of the difference to it. `compared`: all levels, with this one."""
    others = [row for row in compared if row is not one]
    if not others:
        return {}
    kinds = {row["level"]: sums.kinds(one, row) for row in compared}
    chance = chance_per_level(
        tuple(
            level_variance(sums.level(row), {k: kind.other for k, kind in kinds[row["level"]].items()})
            for row in compared
        )
    )
    found = {}
    for other in others:
        ends = difference_interval(sums.level(one), sums.level(other), kinds[other["level"]], chance)
        found[other["level"]] = {
            f"{sums.outcome}_difference_{name}": None if end is None else ten_digits(end)
            for name, end in zip(("low", "high"), ends, strict=True)
        }
    return found


def difference_interval(
    one: Level, other: Level, kinds: Mapping[str, Kind], chance: float
) -> tuple[float | None, float | None]:
    """Ends of the interval of the first share less the other; None where a level has one session or one product only.

    The variance of the difference is clustered by session and product (Cameron, Gelbach and Miller 2011, Robust
    inference with multiway clustering, JBES 29): that of sessions plus that of products less that of both, at least
    each of the first two. Against the variance of independent exposures it says how many of these the exposures are as
    good as, with which Newcombe's hybrid score interval is taken. Its quantile is Student's for a chance in one tail
    (`chance_per_level`), with degrees of freedom by Welch from the clusters of each level. Clusters of unequal size
    count as the number of equal ones that say as much (Kish): a level whose exposures are mostly of three products is
    known from three.
    """
    by_session, by_product = kinds["session"], kinds["product"]
    has_products = by_product.one.clusters > 0 and by_product.other.clusters > 0
    deciding = by_product if has_products else by_session
    sizes = deciding.one.clusters, deciding.other.clusters
    if min(sizes) < 2:
        return None, None
    freedoms = [
        max(level.trials**2 / sums.trials - 1, 1) for level, sums in ((one, deciding.one), (other, deciding.other))
    ]
    variance = _variance(one, other, by_session)
    if has_products:
        products = _variance(one, other, by_product)
        variance = max(variance + products - _variance(one, other, kinds["both"]), variance, products)
    own = _own(one, deciding.one), _own(other, deciding.other)
    freedom = sum(freedoms)
    if any(own):
        freedom = (own[0] + own[1]) ** 2 / (own[0] ** 2 / freedoms[0] + own[1] ** 2 / freedoms[1])
    quantile = -float(stdtrit(freedom, chance))
    plain = one.variance + other.variance
    effect = variance / plain if plain and variance > 0 else max(one.trials / sizes[0], other.trials / sizes[1])
    (low, high), (other_low, other_high) = (
        wilson(level.share, level.trials / effect, quantile) for level in (one, other)
    )
    difference = one.share - other.share
    return (
        difference - math.hypot(one.share - low, other_high - other.share),
        difference + math.hypot(high - one.share, other.share - other_low),
    )


def level_variance(level: Level, kinds: Mapping[str, Products]) -> float:
    """Variance of the share of a level, clustered by session and product."""
    sessions, products, both = (_own(level, kinds[kind]) for kind in _KINDS)
    return max(sessions + products - both, sessions, products)


def _own(level: Level, sums: Products) -> float:
    """Variance of the share of a level over its clusters: the sum of squares of successes less those expected."""
    hits, trials = level.hits, level.trials
    squares = trials**2 * sums.hits - 2 * hits * trials * sums.hits_with_trials + hits**2 * sums.trials
    return squares / trials**4


def _variance(one: Level, other: Level, kind: Kind) -> float:
    """Variance of the difference of two shares over one kind of clusters, with the correction for their number."""
    shared = kind.both
    common = (
        one.trials * other.trials * shared.hits
        - one.hits * other.trials * shared.trials_with_hits
        - other.hits * one.trials * shared.hits_with_trials
        + one.hits * other.hits * shared.trials
    )
    clusters = kind.one.clusters + kind.other.clusters
    variance = _own(one, kind.one) + _own(other, kind.other) - 2 * (common / (one.trials * other.trials) ** 2)
    return variance * clusters / (clusters - 2) if clusters > 2 else variance


def wilson(share: float, trials: float, quantile: float) -> tuple[float, float]:
    """Wilson's interval of a share of trials, which need not be a whole number."""
    square = quantile**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = quantile / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return centre - half, centre + half
