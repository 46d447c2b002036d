"""Tests of experiments and price slopes compared with SciPy on single values; edge cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from shopper.estimators import elasticity, experiments
from shopper.estimators.elasticity import Fit, Weeks
from shopper.estimators.experiments import Sample

RULES = pa.Table.from_pylist([{"significance": Decimal("0.05"), "power": Decimal("0.8")}])
PRICE_RULES = pa.Table.from_pylist([{"min_price_points": 3, "min_weeks": 26, "price_step": Decimal("0.05")}])


def sample(values: Sequence[Decimal]) -> Sample:
    """The sample of single values."""
    return Sample(len(values), Fraction(sum(values)), Fraction(sum(value * value for value in values)))


def shares(hits: int, units: int) -> Sample:
    """A sample of ones and zeros."""
    return Sample(units, Fraction(hits), Fraction(hits))


def money(values: Sequence[float]) -> list[Decimal]:
    """Amounts with two decimals."""
    return [Decimal(str(round(value, 2))) for value in values]


# Whole amounts, since SciPy's doubles lose digits for nearly equal values.
amounts = st.lists(st.integers(0, 10_000).map(Decimal), min_size=2, max_size=40)


@pytest.mark.filterwarnings("ignore:Precision loss occurred")  # SciPy's value if one sample has no variance
@settings(max_examples=200, deadline=None)
@given(amounts, amounts)
def test_welch_equals_scipy(ours: list[Decimal], theirs: list[Decimal]) -> None:
    found = experiments.welch_test(sample(ours), sample(theirs))
    if len(set(ours)) == 1 and len(set(theirs)) == 1:
        assert found is None
        return
    expected = stats.ttest_ind([float(one) for one in ours], [float(one) for one in theirs], equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert found is not None
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_the_z_test_equals_the_chi_square_test(units: int, others: int, data: st.DataObject) -> None:
    hits, other_hits = data.draw(st.integers(0, units)), data.draw(st.integers(0, others))
    found = experiments.two_proportion_p_value(shares(hits, units), shares(other_hits, others))
    if hits + other_hits in (0, units + others):
        assert found is None
        return
    table = [[hits, units - hits], [other_hits, others - other_hits]]
    assert found == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-6, abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 100)), min_size=2, max_size=5))
def test_the_split_test_equals_scipy(plan: list[tuple[int, int]]) -> None:
    found = experiments.split_p_value([(units, Fraction(share, 100)) for units, share in plan])
    assigned, planned = sum(units for units, _ in plan), sum(share for _, share in plan)
    if not assigned:
        assert found is None
        return
    expected = stats.chisquare([units for units, _ in plan], [assigned * share / planned for _, share in plan])
    assert found == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)


def test_the_split_test_needs_two_planned_variants() -> None:
    half = Fraction(1, 2)
    assert experiments.split_p_value([(10, Fraction(1))]) is None
    assert experiments.split_p_value([(10, Fraction(0)), (0, Fraction(0))]) is None
    assert experiments.split_p_value([(10, half), (9, half), (1, Fraction(0))]) == 0
    assert experiments.split_p_value([(10, half), (10, half), (0, Fraction(0))]) == 1


def test_without_units_or_variance_there_is_no_test() -> None:
    none, one, equal = shares(0, 0), shares(1, 1), shares(3, 3)
    assert experiments.two_proportion_p_value(none, shares(1, 2)) is None
    assert experiments.two_proportion_p_value(equal, one) is None
    assert experiments.welch_test(one, shares(1, 2)) is None
    assert experiments.welch_test(equal, shares(0, 5)) is None
    assert experiments.detectable_difference(one, shares(1, 2), 0.05, 0.8) is None


def test_holm_multiplies_the_smallest_most_and_keeps_the_order() -> None:
    assert experiments.holm([]) == []
    assert experiments.holm([0.03]) == [0.03]
    assert experiments.holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert experiments.holm([0.9, 0.6]) == [1.0, 1.0]


def test_the_detectable_difference_is_found_with_the_given_power() -> None:
    """Simulation: of 2,000 tests of two normal samples with this difference, 80 % are significant."""
    arm = Sample(400, Fraction(0), Fraction(399))
    size = experiments.detectable_difference(arm, arm, 0.05, 0.8)
    assert size == pytest.approx((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * math.sqrt(2 / 400), rel=1e-9)
    chance = np.random.default_rng(1)
    ours, theirs = chance.normal(size, 1, (2000, 400)), chance.normal(0, 1, (2000, 400))
    found = (stats.ttest_ind(ours, theirs, axis=1, equal_var=False).pvalue < 0.05).mean()
    assert found == pytest.approx(0.8, abs=0.03)


def test_equal_arms_differ_significantly_in_five_percent() -> None:
    """Simulation: 2,000 A/A tests on revenue with many zeros."""
    chance = np.random.default_rng(2)
    false_alarms = 0
    for _ in range(2000):
        arms = [chance.lognormal(4, 0.8, 300) * (chance.random(300) < 0.3) for _ in range(2)]
        found = experiments.welch_test(*(sample(money(list(arm))) for arm in arms))
        false_alarms += found is not None and found.p_value < 0.05
    assert 0.035 < false_alarms / 2000 < 0.065


def arms(experiment_id: str, metric: str, **units: tuple[int, int]) -> list[dict[str, Any]]:
    """Rows of the model int_experiment_samples, from units and hits by variant."""
    return [
        {
            "experiment_id": experiment_id, "variant": variant, "metric": metric, "units": count,
            "total": Decimal(hits), "total_of_squares": Decimal(hits),
        }
        for variant, (count, hits) in units.items()
    ]  # fmt: skip


def results_of(rows: list[dict[str, Any]], **controls: str | None) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Results of the tests by experiment, variant and metric."""
    plans = pa.table({"experiment_id": list(controls), "control_variant": pa.array(controls.values(), pa.string())})
    found = experiments.tests(pa.Table.from_pylist(rows), plans, RULES)
    return {(row["experiment_id"], row["variant"], row["metric"]): row for row in found.to_pylist()}


def test_p_values_are_adjusted_within_experiment_and_metric() -> None:
    rows = [
        *arms("three", "conversion_rate", old=(1000, 100), red=(1000, 130), blue=(1000, 140)),
        *arms("three", "orders_per_unit", old=(1000, 100), red=(1000, 130), blue=(1000, 140)),
        *arms("two", "conversion_rate", a=(1000, 100), b=(1000, 130)),
    ]
    found = results_of(rows, three="old", two="a")
    assert len(found) == 5
    red = found["three", "red", "conversion_rate"]
    # z = 0.03 / sqrt(0.115 * 0.885 * 2 / 1000)
    assert red["p_value"] == pytest.approx(math.erfc(0.03 / math.sqrt(0.115 * 0.885 / 500) / math.sqrt(2)), rel=1e-6)
    assert red["p_value_adjusted"] == red["p_value"]
    blue = found["three", "blue", "conversion_rate"]
    assert blue["p_value_adjusted"] == pytest.approx(2 * blue["p_value"])
    alone = found["two", "b", "conversion_rate"]
    assert alone["p_value_adjusted"] == alone["p_value"] == red["p_value"]
    assert red["mean_difference_low"] is None
    mean = found["three", "red", "orders_per_unit"]
    assert mean["mean_difference_low"] < 0.03 < mean["mean_difference_high"]


def test_without_a_single_control_or_known_outcomes_nothing_is_tested() -> None:
    unknown = [{**row, "total": None, "total_of_squares": None} for row in arms("x", "orders_per_unit", a=(3, 0))]
    typed = pa.Table.from_pylist(arms("y", "conversion_rate", a=(5, 1), b=(5, 2))).schema
    rows = pa.Table.from_pylist([*unknown, *arms("y", "conversion_rate", a=(5, 1), b=(5, 2))], typed).to_pylist()
    assert results_of(rows, x="a", y=None) == {}


def test_no_rows_give_empty_typed_tables() -> None:
    empty = pa.Table.from_pylist(arms("x", "conversion_rate", a=(1, 0))).slice(0, 0)
    plans = pa.table({"experiment_id": pa.array([], pa.string()), "control_variant": pa.array([], pa.string())})
    assert experiments.tests(empty, plans, RULES).schema == experiments.TESTS
    assigned = {"experiment_id": pa.array([], pa.string()), "planned_share": [], "assigned_units": []}
    assert experiments.splits(pa.table(assigned)).schema == experiments.SPLITS


def weeks(units: Sequence[float], prices: Sequence[float], promoted: Sequence[int] = ()) -> Weeks:
    """Weeks, four per month."""
    count = len(units)
    promotion = np.asarray(promoted or [0] * count, dtype=np.float64)
    return Weeks(np.arange(count) // 4, np.asarray(units, dtype=float), np.asarray(prices, dtype=float), promotion)


def planted(slope: float, count: int = 80, seed: int = 3) -> Weeks:
    """Weeks of Poisson units with a given slope, month effects and a promotion."""
    chance = np.random.default_rng(seed)
    prices = chance.choice([80.0, 90.0, 100.0, 120.0], count)
    promoted = (chance.random(count) < 0.2).astype(int)
    level = 3.5 + 0.5 * chance.normal(size=count // 4 + 1)[np.arange(count) // 4]
    mean = np.exp(level + slope * np.log(prices / 100) + 0.3 * promoted)
    return weeks(list(chance.poisson(mean).astype(float)), list(prices), list(promoted))


def regression(given_weeks: Weeks) -> tuple[float, float]:
    """Slope and HC1 error with a dummy for every month, by a SciPy minimiser and matrix algebra."""
    dummies = (given_weeks.month[:, None] == np.unique(given_weeks.month)[None, :]).astype(float)
    design = np.column_stack([np.log(given_weeks.price / 100), given_weeks.promotion, dummies])
    units = given_weeks.units

    def negative(parameters: np.ndarray[Any, Any]) -> float:
        logs = design @ parameters
        return float((np.exp(logs) - units * logs).sum())

    def slopes(parameters: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(design.T @ (np.exp(design @ parameters) - units))

    start = np.r_[0.0, 0.0, np.full(dummies.shape[1], math.log(units.mean()))]
    best = optimize.minimize(negative, start, jac=slopes, method="BFGS", options={"gtol": 1e-9}).x
    mean = np.exp(design @ best)
    bread = np.linalg.inv(design.T @ (design * mean[:, None]))
    filling = design.T @ (design * ((units - mean) ** 2)[:, None])
    freedom = len(units) - design.shape[1]
    return float(best[0]), math.sqrt((bread @ filling @ bread)[0, 0] * len(units) / freedom)


@pytest.mark.parametrize("slope", [-3.0, -1.0, 0.0, 0.7])
def test_concentrating_out_months_equals_month_dummies(slope: float) -> None:
    given_weeks = planted(slope)
    found = elasticity.fit(given_weeks)
    assert isinstance(found, Fit)
    assert (found.elasticity, found.error) == pytest.approx(regression(given_weeks), rel=1e-6, abs=1e-6)
    assert found.freedom == 80 - 20 - 2


def test_the_interval_contains_the_planted_slope_in_95_percent() -> None:
    held = 0
    for seed in range(400):
        found = elasticity.fit(planted(-1.5, 60, seed))
        assert isinstance(found, Fit)
        low, high = found.interval
        held += low <= -1.5 <= high
    assert 0.91 < held / 400 < 0.98


def test_months_without_sales_are_ignored() -> None:
    whole = planted(-2.0)
    silent = np.arange(80) // 4 == 7
    emptied = Weeks(whole.month, np.where(silent, 0.0, whole.units), whole.price, whole.promotion)
    found = elasticity.fit(emptied)
    assert isinstance(found, Fit)
    assert found == elasticity.fit(emptied.where(~silent))


def test_promotions_without_sales_are_ignored() -> None:
    given_weeks = planted(-2.0)
    bare = Weeks(
        given_weeks.month, given_weeks.units * (1 - given_weeks.promotion), given_weeks.price, given_weeks.promotion
    )
    found = elasticity.fit(bare)
    assert isinstance(found, Fit)
    assert found.promotion_effect is None
    # The limit is equivalent to a separate dummy for each such week.
    assert found == elasticity.fit(bare.where(bare.promotion == 0))


def test_prices_that_change_only_between_months_are_not_identified() -> None:
    prices = np.repeat([80.0, 90.0, 100.0, 110.0, 120.0, 90.0, 70.0], 4)
    assert elasticity.fit(weeks([5.0] * 28, list(prices))) == elasticity.NOT_IDENTIFIED


def test_prices_that_change_only_with_promotions_are_not_identified() -> None:
    promoted = [0, 1] * 14
    prices = [100.0 - 20 * one for one in promoted]
    assert elasticity.fit(weeks([5.0 + 3 * one for one in promoted], prices, promoted)) == elasticity.NOT_IDENTIFIED


def test_a_product_that_sells_at_its_lowest_price_only_has_no_slope() -> None:
    prices = [80.0, 100.0, 100.0, 110.0] * 7
    assert elasticity.fit(weeks([3.0, 0.0, 0.0, 0.0] * 7, prices)) == elasticity.NOT_CONVERGED


def test_a_perfect_fit_has_an_interval_of_width_zero() -> None:
    prices = [100.0, 50.0, 100.0, 50.0] * 7
    found = elasticity.fit(weeks([4.0, 8.0, 4.0, 8.0] * 7, prices))
    assert isinstance(found, Fit)
    assert found.elasticity == pytest.approx(-1)
    assert found.error == pytest.approx(0, abs=1e-9)


def test_price_points_are_a_step_apart() -> None:
    step = 1.05
    assert elasticity.price_points(np.asarray([]), step) == 0
    assert elasticity.price_points(np.asarray([100.0, 100.0, 104.99]), step) == 1
    assert elasticity.price_points(np.asarray([105.0, 100.0]), step) == 2
    # Each is less than a step from the next; the third is a step from the first.
    assert elasticity.price_points(np.asarray([100.0, 104.0, 108.0]), step) == 2
    assert elasticity.price_points(np.asarray([100 / 3, 35.0]), step) == 2


def rows_of(product: str, count: int, prices: Sequence[int], unsold: int = 0) -> list[dict[str, Any]]:
    """Rows of the model int_product_weeks_on_sale; the `unsold` weeks before the last one have no sale."""
    rows = []
    for number in range(count):
        monday = date(2024, 1, 1) + timedelta(days=7 * number)
        sold = not count - unsold - 1 <= number < count - 1
        rows.append(
            {
                "product_id": product, "week_date": monday, "month": monday.replace(day=1),
                "units": Decimal(1000 // prices[number % len(prices)]) if sold else Decimal(0),
                "priced_purchases": 2, "unit_prices": Decimal(2 * prices[number % len(prices)]),
                "has_sale": sold, "is_on_promotion": False,
            }
        )  # fmt: skip
    return rows


def test_every_product_has_a_row_and_a_reason() -> None:
    table = pa.Table.from_pylist(
        [
            *rows_of("often", 40, [100, 80, 90]), *rows_of("seldom", 40, [100, 80, 90], unsold=15),
            *rows_of("steady", 40, [100, 101]), *rows_of("enough", 26, [100, 80, 90]),
        ]
    )  # fmt: skip
    found = elasticity.elasticities(table.take(list(reversed(range(table.num_rows)))), PRICE_RULES)
    assert found.schema == elasticity.ELASTICITIES
    assert found == elasticity.elasticities(table, PRICE_RULES)
    by_product = {row["product_id"]: row for row in found.to_pylist()}
    assert {name: row["model_status"] for name, row in by_product.items()} == {
        "enough": "fitted", "often": "fitted", "seldom": "too_few_weeks", "steady": "too_few_prices",
    }  # fmt: skip
    assert (by_product["seldom"]["weeks"], by_product["seldom"]["weeks_on_sale"]) == (25, 40)
    assert by_product["often"]["price_points"] == 3
    assert by_product["often"]["elasticity_low"] < by_product["often"]["elasticity"] < -0.5
    assert by_product["steady"]["elasticity"] is None
    assert elasticity.elasticities(table.slice(0, 0), PRICE_RULES).schema == elasticity.ELASTICITIES
