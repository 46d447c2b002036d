"""How often the published 95 % intervals hold the truth, on data whose truth is known.

    python -m shopper.bench.placebo [number of shops]

Every kind of interval is taken on many shops drawn from seeds: the share of them that holds the truth should be 94 to
96 %. Intervals that a macro computes are taken from their second computation, which equals them on every cell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
import pyarrow as pa

from shopper.bench.placebos import daily_sales, holds_zero, page_loads, product_views
from shopper.crosscheck.oracle.baskets import lift_interval
from shopper.crosscheck.oracle.friction import newcombe, wilson
from shopper.crosscheck.oracle.service import mean_interval, net_interval
from shopper.estimators.campaigns import Day, campaign_intervals, effect_of
from shopper.estimators.elasticity import Weeks, fit
from shopper.estimators.experiments import Sample, welch_test

Chance = np.random.Generator
# Whether the interval of a drawn shop holds the truth; None: it has no interval.
Trial = Callable[[Chance], bool | None]

_SHOPS: Final = 1_000


def _promotion(correlation: float, days: int, periods: tuple[str, ...]) -> Trial:
    def trial(chance: Chance) -> bool | None:
        lengths = (("before", 28), ("during", days), ("after", 28), ("later", 28))
        names = [name for name, length in lengths for _ in range(length)]
        sales = daily_sales(chance, len(names), correlation)
        around = [Day(n, names[n], Fraction(str(sales[n]))) for n in range(len(names))]
        effect = effect_of(around, [day for day in around if day.period in periods])
        return None if effect.low is None or effect.high is None else effect.low <= 0 <= effect.high

    return trial


def _friction(exposures: Callable[[Chance], list[tuple[int, int, str | None, bool]]]) -> Trial:
    def trial(chance: Chance) -> bool | None:
        held = holds_zero(exposures(chance))
        return all(held) if held else None

    return trial


def _share(chance: Chance) -> bool:
    low, high = wilson(int(chance.binomial(150, 0.08)), 150)
    return low <= 0.08 <= high


def _difference(chance: Chance) -> bool:
    _, low, high = newcombe((int(chance.binomial(400, 0.06)), 400), (int(chance.binomial(400, 0.06)), 400))
    return low <= 0 <= high


def _net_promoters(chance: Chance) -> bool:
    promoters, detractors, _ = chance.multinomial(200, (0.5, 0.2, 0.3))
    low, high = net_interval(int(promoters), int(detractors), 200)
    return low is not None and high is not None and low <= 30 <= high


def _mean(chance: Chance) -> bool:
    low, high = mean_interval([Fraction(int(one)) for one in chance.integers(1, 8, 40)])
    return low is not None and high is not None and low <= 4 <= high


def _lift(chance: Chance) -> bool | None:
    """Two products that are bought independently, in 8 and 5 % of 2,000 baskets."""
    first, second = chance.random(2_000) < 0.08, chance.random(2_000) < 0.05
    both = int((first & second).sum())
    if both == 0:
        return None
    _, low, high = lift_interval(both, int(first.sum()), int(second.sum()), 2_000)
    return low <= 1 <= high


def _increment(outcome: str) -> Trial:
    """A campaign without effect: 4,000 customers were contacted and 1,000 held out; 6 % of both order."""

    def trial(chance: Chance) -> bool | None:
        row: dict[str, object] = {"campaign_id": "c"}
        for arm, units in (("treated", 4_000), ("holdout", 1_000)):
            orders = (chance.random(units) < 0.06) * (1 + (chance.random(units) < 0.2))
            cents = np.round(100 * chance.lognormal(4, 0.8, units)).astype(int) * orders
            row[f"{arm}_units"] = units
            for name, values in (("orders", orders), ("revenue", cents)):
                row[f"{arm}_{name}"] = Decimal(int(values.sum()))
                row[f"{arm}_{name}_squared"] = Decimal(int((values * values).sum()))
        (found,) = campaign_intervals(pa.Table.from_pylist([row])).to_pylist()
        low, high = found[f"incremental_{outcome}_low"], found[f"incremental_{outcome}_high"]
        return None if low is None or high is None else low <= 0 <= high

    return trial


def _revenue_per_unit(chance: Chance) -> bool | None:
    """Two arms of one shop: 8 % of the units buy, for amounts of a long tail."""
    arms = []
    for _ in range(2):
        cents = np.round(100 * chance.lognormal(4, 0.8, 3_000)).astype(int) * (chance.random(3_000) < 0.08)
        values = [int(one) for one in cents]
        arms.append(Sample(len(values), Fraction(sum(values)), Fraction(sum(one * one for one in values))))
    welch = welch_test(arms[0], arms[1])
    return None if welch is None else welch.low <= 0 <= welch.high


def _elasticity(chance: Chance) -> bool | None:
    """A product of elasticity -1.5 over 78 weeks, with weekly units that vary twice as much as chance alone."""
    price = chance.choice([8.0, 9.0, 10.0, 11.0, 12.0], 78)
    expected = 20 * (price / 10) ** -1.5
    units = chance.poisson(expected * chance.gamma(20, 1 / 20, 78)).astype(np.float64)
    found = fit(Weeks(np.arange(78) // 4, units, price, np.zeros(78)))
    if isinstance(found, str):
        return None
    low, high = found.interval
    return low <= -1.5 <= high


TRIALS: Final[dict[str, Trial]] = {
    "share (Wilson), 150 trials": _share,
    "difference of shares (Newcombe), 400 units an arm": _difference,
    "net promoter score, 200 answers": _net_promoters,
    "mean score (Student), 40 answers": _mean,
    "revenue per unit (Welch), 3,000 units an arm": _revenue_per_unit,
    "price elasticity, 78 weeks": _elasticity,
    "friction: page load, all levels together": _friction(page_loads),
    "friction: images of 60 products, all levels together": _friction(product_views),
    **{
        f"promotion of {days} days, {name}, correlation {correlation}": _promotion(correlation, days, periods)
        for days in (3, 10, 30)
        for name, periods in (("uplift", ("during",)), ("net effect", ("during", "after")))
        for correlation in (0.0, 0.2, 0.4)
    },
    "lift of a pair, 8 expected together in 2,000 baskets": _lift,
    "orders that a campaign added, 1,000 held out": _increment("orders"),
    "revenue that a campaign added, 1,000 held out": _increment("revenue"),
}


def coverages(shops: int, trials: dict[str, Trial] = TRIALS) -> Iterator[tuple[str, int, float]]:
    """Kind of interval, shops with an interval, and the share of them whose interval holds the truth."""
    for place, (name, trial) in enumerate(trials.items()):
        held = [one for seed in range(shops) if (one := trial(np.random.default_rng((place, seed)))) is not None]
        yield name, len(held), sum(held) / len(held)


def main() -> None:
    """Print a table of coverage."""
    shops = int(sys.argv[1]) if len(sys.argv) > 1 else _SHOPS
    print("| interval | shops | holds the truth |\n|---|---|---|")
    for name, taken, share in coverages(shops):
        print(f"| {name} | {taken:,} | {100 * share:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
