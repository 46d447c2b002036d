"""Tests of experiments compared with statsmodels and SciPy, on published and random examples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from shopper.crosscheck.oracle.friction import newcombe
from shopper.estimators import experiments
from shopper.estimators.experiments import Sample

proportion = pytest.importorskip("statsmodels.stats.proportion", reason="statsmodels is not installed (make compare)")
multitest = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is not installed (make compare)")
weightstats = pytest.importorskip("statsmodels.stats.weightstats", reason="statsmodels is not installed (make compare)")

# Units with an order and all units, of the variant and of the control.
SHARES = [(62, 192, 32, 192), (38, 160, 39, 161), (91, 331, 12, 83), (1, 1000, 9, 1000), (500, 900, 10, 20)]


@pytest.mark.parametrize("hits,units,other_hits,others", SHARES)
def test_two_shares_equal_statsmodels(hits: int, units: int, other_hits: int, others: int) -> None:
    arm = Sample(units, Fraction(hits), Fraction(hits))
    control = Sample(others, Fraction(other_hits), Fraction(other_hits))
    _, expected = proportion.proportions_ztest([hits, other_hits], [units, others])
    assert experiments.two_proportion_p_value(arm, control) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_two_means_equal_statsmodels(seed: int) -> None:
    chance = np.random.default_rng(seed)
    arms = [np.round(chance.lognormal(5, 1, count) * (chance.random(count) < 0.3), 2) for count in (250, 130)]
    exact = [[Decimal(str(value)) for value in arm] for arm in arms]
    samples = [
        Sample(len(arm), Fraction(sum(arm)), Fraction(sum(value * value for value in arm))) for arm in exact
    ]  # fmt: skip
    found = experiments.welch_test(*samples)
    both = weightstats.CompareMeans.from_data(*arms)
    assert found is not None
    assert found.p_value == pytest.approx(both.ttest_ind(usevar="unequal")[1], rel=1e-6)
    assert (found.low, found.high) == pytest.approx(both.tconfint_diff(usevar="unequal"), rel=1e-6)


@pytest.mark.parametrize("p_values", [[0.01], [0.04, 0.01, 0.03], [0.2, 0.2, 0.001, 0.9], [0.5, 0.6]])
def test_holm_equals_statsmodels(p_values: list[float]) -> None:
    assert experiments.holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1], rel=1e-9)


@pytest.mark.parametrize(
    "plan", [[(168, 0.5), (94, 0.5)], [(61, 0.34), (60, 0.33), (59, 0.33)], [(80, 0.2), (331, 0.8)]]
)
def test_the_split_test_equals_scipy(plan: list[tuple[int, float]]) -> None:
    units = sum(count for count, _ in plan)
    expected = stats.chisquare([count for count, _ in plan], [units * share for _, share in plan]).pvalue
    found = experiments.split_p_value([(count, Fraction(str(share))) for count, share in plan])
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("hits,units,other_hits,others", SHARES)
def test_the_newcombe_interval_equals_statsmodels(hits: int, units: int, other_hits: int, others: int) -> None:
    """Tests the interval of the second computation, which the marts are compared with."""
    expected = proportion.confint_proportions_2indep(hits, units, other_hits, others, method="newcomb", compare="diff")
    assert newcombe((hits, units), (other_hits, others))[1:] == pytest.approx(expected, rel=1e-6)
