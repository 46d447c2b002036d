"""Second computation of experiments: units by first exposure, their orders, tests by SciPy on single values."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scipy import stats

from shopper.crosscheck.oracle.friction import newcombe
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop

METRICS: Final = ("conversion_rate", "orders_per_unit", "revenue_per_unit")


@dataclass
class Unit:
    """A unit of an experiment: its exposures by time, and its orders in the experiment (None if unknown)."""

    exposures: list[tuple[datetime, str]] = field(default_factory=list)
    reason: str | None = None
    is_in_split: bool = False
    orders: list[Order] | None = None

    @property
    def first(self) -> tuple[datetime, str]:
        return min(self.exposures)

    def value(self, metric: str) -> Decimal:
        """The unit's contribution to the numerator of a metric."""
        orders = self.orders or []
        if metric == "conversion_rate":
            return Decimal(bool(orders))
        return Decimal(len(orders)) if metric == "orders_per_unit" else total(order.net_revenue for order in orders)


@dataclass
class Experiment:
    """The plan of an experiment, combined from its variants, and its units by id."""

    variants: dict[str, Row]
    unit_type: str | None
    start: datetime
    end: datetime | None
    is_over: bool
    units: dict[str, Unit] = field(default_factory=lambda: defaultdict(Unit))

    @property
    def controls(self) -> list[str]:
        return [name for name, row in self.variants.items() if row["is_control"]]

    @property
    def fault(self) -> str | None:
        """The first fault of the plan; None if it is valid."""
        faults = {
            "unclear_unit_type": self.unit_type is None,
            "ends_before_start": self.end is not None and self.end <= self.start,
            "one_variant": len(self.variants) < 2,
            "no_control": not self.controls,
            "several_controls": len(self.controls) > 1,
        }
        return next((name for name, holds in faults.items() if holds), None)

    def arm(self, variant: str) -> list[Unit]:
        """The units of a variant that count."""
        return [unit for unit in self.units.values() if unit.reason is None and unit.first[1] == variant]

    def assigned(self, variant: str) -> int:
        """Number of units assigned to a variant, before exclusions."""
        return sum(unit.is_in_split and unit.first[1] == variant for unit in self.units.values())


def experiments(shop: Shop) -> dict[str, Experiment]:
    """Every planned experiment with its units."""
    rows, now = shop.staged.rows, shop.staged.period.as_of_end_at
    assert now is not None
    plans: dict[str, list[Row]] = defaultdict(list)
    for row in rows["experiment_variants"]:
        plans[row["experiment_id"]].append(row)
    found = {}
    for name, plan in plans.items():
        types = {row["unit_type"] for row in plan} - {None}
        ends = [row["ended_at"] for row in plan]
        end = None if None in ends else max(ends)
        found[name] = Experiment(
            {row["variant"]: row for row in plan}, types.pop() if len(types) == 1 else None,
            min(row["started_at"] for row in plan), end, end is not None and end <= now,
        )  # fmt: skip
    for row in rows["experiment_assignments"]:
        if row["experiment_id"] in found:
            one = found[row["experiment_id"]]
            unit_id = row["unit_id"]
            if one.unit_type == "customer":
                unit_id = shop.staged.identities.customer(unit_id) or unit_id
            one.units[unit_id].exposures.append((row["assigned_at"], row["variant"]))
    people, bots = _orders_by_unit(shop), _bots(shop)
    for one in found.values():
        for unit_id, unit in one.units.items():
            _classify(unit, one, is_bot=(one.unit_type, unit_id) in bots)
            if shop.orders and one.unit_type:
                until = min(one.end or now, now)
                orders = people.get((one.unit_type, unit_id), [])
                unit.orders = [order for order in orders if unit.first[0] < order.ordered_at < until]
    return found


def _orders_by_unit(shop: Shop) -> dict[tuple[str, str | None], list[Order]]:
    """Valid orders but renewals, by customer and by visitor."""
    found: dict[tuple[str, str | None], list[Order]] = defaultdict(list)
    for order in shop.orders:
        if order.is_valid and not order.is_renewal:
            found["visitor", order.visitor_id].append(order)
            if order.customer_id != UNKNOWN:
                found["customer", order.customer_id].append(order)
    return found


def _bots(shop: Shop) -> set[tuple[str | None, str]]:
    """Visitors and customers all of whose sessions are by programs."""
    found: dict[tuple[str | None, str], bool] = {}
    for session in shop.sessions:
        for unit in (("visitor", session.visitor_id), ("customer", session.customer_id)):
            if unit[1] is not None:
                found[unit[0], unit[1]] = found.get((unit[0], unit[1]), True) and session.is_bot
    return {unit for unit, is_bot in found.items() if is_bot}


def _classify(unit: Unit, experiment: Experiment, is_bot: bool) -> None:
    """Set whether the unit counts, and whether it was assigned to a planned variant in time."""
    at, variant = unit.first
    seen = {name for moment, name in unit.exposures if experiment.end is None or moment < experiment.end}
    in_time = at >= experiment.start and (experiment.end is None or at < experiment.end)
    unit.is_in_split = not is_bot and in_time and variant in experiment.variants
    if is_bot:
        unit.reason = "bot"
    elif not in_time:
        unit.reason = "outside_period"
    elif len(seen) > 1:
        unit.reason = "several_variants"
    elif not unit.is_in_split:
        unit.reason = "unknown_variant"


def split_p_value(experiment: Experiment) -> float | None:
    """p-value of the chi-square test of the assigned units against the planned shares; None if it can't be tested."""
    assigned = {name: experiment.assigned(name) for name in experiment.variants}
    shares = {name: Fraction(row["planned_share"]) for name, row in experiment.variants.items()}
    whole, planned = sum(assigned.values()), [name for name in assigned if shares[name]]
    if not whole or not planned:
        return None
    if any(assigned[name] for name in assigned if name not in planned):
        return 0.0
    if len(planned) < 2:
        return None
    everything = sum(shares.values())
    expected = [float(whole * shares[name] / everything) for name in planned]
    return float(stats.chisquare([assigned[name] for name in planned], expected).pvalue)


@dataclass(frozen=True)
class Contrast:
    """A variant compared with the control: difference of means, 95 % interval, relative lift, p-value, detectable
    difference.
    """

    difference: float
    low: float | None
    high: float | None
    lift: float | None
    p_value: float | None
    detectable: float | None


def contrast(metric: str, arm: Sequence[Unit], control: Sequence[Unit], rules: Row) -> Contrast | None:
    """The contrast of two arms; None if one is empty."""
    if not arm or not control:
        return None
    ours, theirs = ([unit.value(metric) for unit in units] for units in (arm, control))
    means = [Fraction(sum(values)) / len(values) for values in (ours, theirs)]
    difference = means[0] - means[1]
    low: float | None
    high: float | None
    if metric == "conversion_rate":
        p_value = _z_test(int(sum(ours)), len(ours), int(sum(theirs)), len(theirs))
        _, low, high = newcombe((int(sum(ours)), len(ours)), (int(sum(theirs)), len(theirs)))
    else:
        p_value, low, high = _welch(ours, theirs)
    lift = float(difference / means[1]) if means[1] else None
    return Contrast(float(difference), low, high, lift, p_value, _detectable(ours, theirs, rules))


def _z_test(hits: int, trials: int, other_hits: int, other_trials: int) -> float | None:
    """p-value of the two-proportion z-test, computed as the equivalent chi-square test of the two-by-two table."""
    table = [[hits, trials - hits], [other_hits, other_trials - other_hits]]
    if not all(map(sum, zip(*table, strict=True))):
        return None
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def _welch(ours: Sequence[Decimal], theirs: Sequence[Decimal]) -> tuple[float | None, float | None, float | None]:
    """p-value and interval of Welch's t-test, by SciPy on the single values."""
    if min(len(ours), len(theirs)) < 2 or (len(set(ours)) == 1 and len(set(theirs)) == 1):
        return None, None, None
    result = stats.ttest_ind([float(one) for one in ours], [float(one) for one in theirs], equal_var=False)
    interval = result.confidence_interval(0.95)
    return float(result.pvalue), float(interval.low), float(interval.high)


def _detectable(ours: Sequence[Decimal], theirs: Sequence[Decimal], rules: Row) -> float | None:
    if min(len(ours), len(theirs)) < 2:
        return None
    variance = sum(_variance(values) / len(values) for values in (ours, theirs))
    reach = stats.norm.isf(float(rules["significance"]) / 2) + stats.norm.ppf(float(rules["power"]))
    return float(reach) * math.sqrt(variance)


def _variance(values: Iterable[Decimal]) -> Fraction:
    """Sample variance (divided by n - 1)."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction()) / len(exact)
    return sum(((value - mean) ** 2 for value in exact), Fraction()) / (len(exact) - 1)


def adjusted(p_values: Mapping[str, float | None]) -> dict[str, float | None]:
    """p-values adjusted by Holm's method; None stays None."""
    known = sorted((value, name) for name, value in p_values.items() if value is not None)
    result: dict[str, float | None] = dict.fromkeys(p_values)
    for place, (_, name) in enumerate(known):
        result[name] = max(min(1.0, (len(known) - before) * known[before][0]) for before in range(place + 1))
    return result


def finding(
    experiment: Experiment, variant: str, is_known: bool, split: float | None, found: Contrast | None,
    p_value: float | None, control_mean: Fraction | None, rules: Row,
) -> str:  # fmt: skip
    """The verdict on a variant for one metric."""
    if not experiment.is_over:
        return "not_over"
    if experiment.fault:
        return experiment.fault
    if split is not None and split < rules["srm_significance"]:
        return "sample_ratio_mismatch"
    if not is_known:
        return "outcomes_unknown"
    if variant in experiment.controls:
        return "control"
    if found and p_value is not None and p_value < rules["significance"]:
        return "gain" if found.difference > 0 else "loss"
    if found and found.detectable is not None and control_mean is not None:
        smallest = Fraction(rules["smallest_relative_lift"]) * control_mean
        if found.detectable <= smallest:
            return "no_difference_that_matters"
    return "too_few_units"


def numerator(metric: str, units: Sequence[Unit]) -> Decimal:
    """Sum of the units' values, rounded to cents."""
    return sum((unit.value(metric) for unit in units), ZERO)
