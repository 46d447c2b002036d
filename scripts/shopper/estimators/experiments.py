"""Statistical tests of experiments, for the Python models int_experiment_tests and int_experiment_splits.

Means, variances and statistics under a root are exact fractions, so that they do not depend on the order of units or
the number of threads. Only roots and tail probabilities are doubles.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pyarrow as pa
from scipy import stats

from shopper.estimators.rounding import ten_digits

RATE: Final = "conversion_rate"

TESTS: Final = pa.schema(
    [
        ("experiment_id", pa.string()),
        ("variant", pa.string()),
        ("metric", pa.string()),
        ("p_value", pa.float64()),
        ("p_value_adjusted", pa.float64()),
        ("mean_difference_low", pa.float64()),
        ("mean_difference_high", pa.float64()),
        ("detectable_difference", pa.float64()),
    ]
)
SPLITS: Final = pa.schema([("experiment_id", pa.string()), ("srm_p_value", pa.float64())])


@dataclass(frozen=True)
class Sample:
    """The units of one arm: their number, the sum of their values, and the sum of squares."""

    units: int
    total: Fraction
    squares: Fraction

    @property
    def mean(self) -> Fraction:
        """The mean; needs at least one unit."""
        return self.total / self.units

    @property
    def variance(self) -> Fraction:
        """The sample variance (divided by units - 1); needs at least two units."""
        return (self.squares - self.total * self.total / self.units) / (self.units - 1)


@dataclass(frozen=True)
class Welch:
    """Two-sided p-value of a difference of means, and its 95 % interval, in the unit of the values."""

    p_value: float
    low: float
    high: float


def tests(samples: pa.Table, experiments: pa.Table, rules: pa.Table) -> pa.Table:
    """Test each variant against its control. The columns of `TESTS`, one row per experiment, variant and metric, by
    key.

    samples: experiment_id, variant, metric, units, total, total_of_squares (the last two null if outcomes are unknown).
    experiments: experiment_id, control_variant (null without a single control; then nothing is tested). rules: one row
    with significance and power. p-values are null if an arm is empty or nothing varies. The interval is that of Welch,
    only for means. p_value_adjusted: Holm's method over the variants of one experiment and metric.
    """
    controls = {row["experiment_id"]: row["control_variant"] for row in experiments.to_pylist()}
    rule = rules.to_pylist()[0]
    families: dict[tuple[str, str], dict[str, Sample]] = defaultdict(dict)
    for row in samples.to_pylist():
        if row["total"] is not None:
            sample = Sample(row["units"], Fraction(row["total"]), Fraction(row["total_of_squares"]))
            families[row["experiment_id"], row["metric"]][row["variant"]] = sample
    rows: list[dict[str, Any]] = []
    for (experiment_id, metric), arms in families.items():
        control = arms.pop(controls[experiment_id], None)
        if control is not None:
            found = _family(metric, arms, control, float(rule["significance"]), float(rule["power"]))
            rows += [{"experiment_id": experiment_id, "metric": metric, **one} for one in found]
    rows.sort(key=lambda one: (one["experiment_id"], one["variant"], one["metric"]))
    return pa.Table.from_pylist(rows, TESTS)


def _family(
    metric: str, arms: Mapping[str, Sample], control: Sample, significance: float, power: float
) -> list[dict[str, Any]]:
    """Test every variant of one experiment and metric against the control."""
    rows: list[dict[str, Any]] = []
    for variant, arm in sorted(arms.items()):
        row: dict[str, Any] = {"variant": variant, "p_value": None}
        if metric == RATE:
            row["p_value"] = two_proportion_p_value(arm, control)
        elif (welch := welch_test(arm, control)) is not None:
            row["p_value"] = welch.p_value
            row["mean_difference_low"], row["mean_difference_high"] = _rounded(welch.low), _rounded(welch.high)
        row["detectable_difference"] = _rounded(detectable_difference(arm, control, significance, power))
        rows.append(row)
    known = [row for row in rows if row["p_value"] is not None]
    for row, adjusted in zip(known, holm([row["p_value"] for row in known]), strict=True):
        row["p_value"], row["p_value_adjusted"] = _rounded(row["p_value"]), _rounded(adjusted)
    return rows


def two_proportion_p_value(arm: Sample, control: Sample) -> float | None:
    """Two-sided p-value of the pooled z-test of two shares; None if an arm is empty or all units have the same outcome.

    Source: Fleiss, Levin, Paik (2003), Statistical Methods for Rates and Proportions, 3rd edition, chapter 3, without
    the correction for continuity.
    """
    if not arm.units or not control.units:
        return None
    pooled = (arm.total + control.total) / (arm.units + control.units)
    variance = pooled * (1 - pooled) * (Fraction(1, arm.units) + Fraction(1, control.units))
    if not variance:
        return None
    z_squared = (arm.mean - control.mean) ** 2 / variance
    return float(2 * stats.norm.sf(math.sqrt(z_squared)))


def welch_test(arm: Sample, control: Sample, level: float = 0.95) -> Welch | None:
    """Welch's t-test of two means; None if an arm has fewer than two units or nothing varies.

    Source: Welch, B. L. (1947), The generalization of "Student's" problem when several different population variances
    are involved. Biometrika 34.
    """
    if arm.units < 2 or control.units < 2:
        return None
    of_arm, of_control = arm.variance / arm.units, control.variance / control.units
    variance = of_arm + of_control
    if not variance:
        return None
    freedom = float(variance**2 / (of_arm**2 / (arm.units - 1) + of_control**2 / (control.units - 1)))
    difference = arm.mean - control.mean
    error = math.sqrt(variance)
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(math.sqrt(difference**2 / variance), freedom))
    return Welch(p_value, float(difference) - reach, float(difference) + reach)


def detectable_difference(arm: Sample, control: Sample, significance: float, power: float) -> float | None:
    """The minimum detectable difference: the smallest true difference that a test of this size detects with the given
    power, in the unit of the values.

    (z of 1 - significance / 2 + z of power) x the standard error of the difference. It depends on the size of the test,
    not on the observed difference. None if an arm has fewer than two units.

    Source: Bloom, H. S. (1995), Minimum detectable effects. Evaluation Review 19. Why not the power at the observed
    difference: Hoenig, J. M. and Heisey, D. M. (2001), The abuse of power. The American Statistician 55.
    """
    if arm.units < 2 or control.units < 2:
        return None
    multiplier = float(stats.norm.ppf(1 - significance / 2) + stats.norm.ppf(power))
    return multiplier * math.sqrt(arm.variance / arm.units + control.variance / control.units)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for multiple testing, in the same order.

    Source: Holm, S. (1979), A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6.
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def splits(arms: pa.Table) -> pa.Table:
    """Test whether units were assigned as planned. The columns of `SPLITS`, one row per experiment, by key.

    arms: experiment_id, planned_share (0 to 1, exact), assigned_units (null if assignments are unknown); one row per
    experiment and variant. The p-value is null where the units are.
    """
    plans: dict[str, list[tuple[int, Fraction]]] = defaultdict(list)
    for row in arms.to_pylist():
        plans[row["experiment_id"]].append((row["assigned_units"] or 0, Fraction(row["planned_share"])))
    rows = [
        {"experiment_id": experiment_id, "srm_p_value": _rounded(split_p_value(plan))}
        for experiment_id, plan in sorted(plans.items())
    ]
    return pa.Table.from_pylist(rows, SPLITS)


def split_p_value(plan: Sequence[tuple[int, Fraction]]) -> float | None:
    """p-value of the chi-square test of (units, planned share) of each variant.

    Shares are scaled to a sum of 1. None without units, or with fewer than two variants with a positive share; 0 if a
    variant with share 0 has units.

    Source: Fabijan, A. et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments. KDD.
    """
    units, shares = sum(count for count, _ in plan), sum((share for _, share in plan), Fraction())
    planned = [(count, units * share / shares) for count, share in plan if share]
    if not units or not shares:
        return None
    if sum(count for count, _ in planned) < units:
        return 0.0
    if len(planned) < 2:
        return None
    statistic = sum(((count - expected) ** 2 / expected for count, expected in planned), Fraction())
    return float(stats.chi2.sf(float(statistic), len(planned) - 1))


def _rounded(value: float | None) -> float | None:
    """Round to ten significant digits; None stays None."""
    return None if value is None else ten_digits(value)
