"""Experiments: units, tests and verdicts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.experiments import (
    METRICS,
    Contrast,
    Experiment,
    adjusted,
    contrast,
    experiments,
    finding,
    numerator,
    split_p_value,
)
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_COLUMNS: Final = (
    "unit_type", "verdict", "finding", "assigned_units", "units", "excluded_units", "buyers", "numerator", "mean",
    "difference", "difference_low", "difference_high", "relative_lift", "detectable_difference", "p_value",
    "p_value_adjusted", "srm_p_value", "is_control", "is_over", "has_srm", "has_few_buyers",
)  # fmt: skip


def _results(shop: Shop, reader: Reader) -> Sides:
    rules = reader.rows("experiment_rules", "reference")[0]
    verdicts = {row["finding"]: row["verdict"] for row in reader.rows("experiment_findings", "reference")}
    is_assigned = bool(shop.staged.rows["experiment_assignments"])
    expected: Rows = {}
    for name, experiment in experiments(shop).items():
        for metric in METRICS:
            for variant, cells in _metric(experiment, metric, rules, verdicts, bool(shop.orders), is_assigned).items():
                expected[name, variant, metric] = cells
    rows = reader.rows("experiment_results")
    return _COLUMNS, expected, keyed(rows, ["experiment_id", "variant", "metric"], _COLUMNS)


def _metric(
    experiment: Experiment, metric: str, rules: Row, verdicts: dict[str, str | None], has_orders: bool,
    is_assigned: bool,
) -> dict[str, tuple[Any, ...]]:  # fmt: skip
    """Rows by variant, for one metric. Units are None where the shop lands no assignments."""
    is_known = has_orders and is_assigned and experiment.unit_type is not None
    control = experiment.controls[0] if len(experiment.controls) == 1 else None
    arms = {variant: experiment.arm(variant) for variant in experiment.variants}
    buyers = {variant: sum(bool(unit.orders) for unit in units) for variant, units in arms.items()}
    split = split_p_value(experiment)
    contrasts: dict[str, Contrast | None] = dict.fromkeys(arms)
    if is_known and control:
        others = {variant: units for variant, units in arms.items() if variant != control}
        contrasts |= {variant: contrast(metric, units, arms[control], rules) for variant, units in others.items()}
    p_values = adjusted({variant: found.p_value for variant, found in contrasts.items() if found})
    control_mean = None
    if is_known and control and arms[control]:
        control_mean = Fraction(numerator(metric, arms[control])) / len(arms[control])
    rows = {}
    for variant, units in arms.items():
        found, p_value = contrasts[variant], p_values.get(variant)
        name = finding(experiment, variant, is_known, split, found, p_value, control_mean, rules)
        added = numerator(metric, units) if is_known else None
        excluded = sum(unit.reason is not None for unit in experiment.units.values())
        counts = (experiment.assigned(variant), len(units), excluded)
        rows[variant] = (
            experiment.unit_type, verdicts[name], name,
            *(counts if is_assigned else (None,) * 3), buyers[variant] if is_known else None,
            added, float(Fraction(added) / len(units)) if added is not None and units else None,
            found and found.difference, found and found.low, found and found.high, found and found.lift,
            found and found.detectable, found and found.p_value, p_value, split,
            experiment.variants[variant]["is_control"], experiment.is_over,
            split is not None and split < rules["srm_significance"] if is_assigned else None,
            min(buyers[variant], buyers[control]) < rules["min_buyers"] if is_known and control else None,
        )  # fmt: skip
    return rows


CHECKS: Final = (Check("experiments", "units, tests, verdicts", "marts", "experiment_results", _results, "units"),)
