"""Intervals and p-values of experiments, by SciPy from the rows of the units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scipy import stats

from shopper.explain.computing import Computed, Fitted
from shopper.explain.warehouse import Warehouse, filled

_ARMS: Final = """
select variants.variant, count(unit_id) filter (where not is_excluded) as units,
    sum(outcome) filter (where not is_excluded) as total,
    coalesce(var_samp(cast(outcome as double)) filter (where not is_excluded), 0) as variance,
    count(unit_id) filter (where is_in_split) as assigned,
    cast(any_value(planned_share) as double) as planned
from staging.stg_experiment_variants as variants
left join (
    select *, case $metric when 'conversion_rate' then cast(is_converted as integer)
        when 'orders_per_unit' then orders else revenue end as outcome
    from intermediate.int_experiment_units
) as units on units.experiment_id = variants.experiment_id and units.variant = variants.variant
where variants.experiment_id = $experiment_id
group by variants.variant
"""


@dataclass(frozen=True)
class _Arm:
    """Units that count, the sum and the sample variance of their outcome; units assigned, and the planned share."""

    units: int
    total: float | None
    variance: float
    assigned: int
    planned: float

    @property
    def mean(self) -> float:
        return float(self.total or 0) / self.units


def _arms(warehouse: Warehouse, row: Mapping[str, Any]) -> dict[str, _Arm]:
    return {
        one["variant"]: _Arm(one["units"], one["total"], one["variance"], one["assigned"], one["planned"] or 0.0)
        for one in warehouse.rows(filled(_ARMS, row))
    }


def _compared(compute: Callable[[Mapping[str, Any], _Arm, _Arm], float | None]) -> Fitted:
    """A value of a variant against its control; null without one, or without outcomes."""

    def of_row(warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
        arms, control = _arms(warehouse, row), row["control_variant"]
        if control is None or control == row["variant"] or row["numerator"] is None:
            return {}, None
        arm, other = arms[row["variant"]], arms[control]
        rules = warehouse.rows("select significance, power from reference.experiment_rules")[0]
        inputs = {
            "units": arm.units,
            "units of the control": other.units,
            "variance": arm.variance,
            "variance of the control": other.variance,
        }
        return inputs, compute({**row, **rules}, arm, other)

    return Fitted(of_row, _RELATIONS, ("numerator", "units"))


_RELATIONS: Final = ("intermediate.int_experiment_units", "staging.stg_experiment_variants")


def _error(arm: _Arm, other: _Arm) -> float:
    return math.sqrt(arm.variance / arm.units + other.variance / other.units)


def _p_value(row: Mapping[str, Any], arm: _Arm, other: _Arm) -> float | None:
    if row["metric"] == "conversion_rate":
        hits, others = int(arm.total or 0), int(other.total or 0)
        table = [[hits, arm.units - hits], [others, other.units - others]]
        if not arm.units or not other.units or hits + others in (0, arm.units + other.units):
            return None
        # Without correction for continuity, chi-square is the square of the pooled z.
        return float(stats.chi2_contingency(table, correction=False).pvalue)
    if arm.units < 2 or other.units < 2 or not arm.variance + other.variance:
        return None
    return float(_welch(arm, other).pvalue)


def _welch(arm: _Arm, other: _Arm) -> Any:
    return stats.ttest_ind_from_stats(
        arm.mean, math.sqrt(arm.variance), arm.units, other.mean, math.sqrt(other.variance), other.units,
        equal_var=False,
    )  # fmt: skip


def _interval(side: int) -> Callable[[Mapping[str, Any], _Arm, _Arm], float | None]:
    def compute(row: Mapping[str, Any], arm: _Arm, other: _Arm) -> float | None:
        if row["metric"] == "conversion_rate":
            return _newcombe(arm, other)[side] if arm.units and other.units else None
        if _p_value(row, arm, other) is None:
            return None
        squares = [one.variance / one.units for one in (arm, other)]
        freedom = sum(squares) ** 2 / sum(
            square**2 / (one.units - 1) for square, one in zip(squares, (arm, other), strict=True)
        )
        return float(stats.t.interval(0.95, freedom, arm.mean - other.mean, _error(arm, other))[side])

    return compute


def _newcombe(arm: _Arm, other: _Arm) -> tuple[float, float]:
    """The interval of a difference of shares from their Wilson intervals."""
    ends = [
        stats.binomtest(int(one.total or 0), one.units).proportion_ci(0.95, method="wilson") for one in (arm, other)
    ]
    difference = arm.mean - other.mean
    low = math.hypot(arm.mean - ends[0].low, ends[1].high - other.mean)
    high = math.hypot(ends[0].high - arm.mean, other.mean - ends[1].low)
    return difference - low, difference + high


def _detectable(row: Mapping[str, Any], arm: _Arm, other: _Arm) -> float | None:
    if arm.units < 2 or other.units < 2:
        return None
    multiplier = stats.norm.ppf(1 - float(row["significance"]) / 2) + stats.norm.ppf(float(row["power"]))
    return float(multiplier) * _error(arm, other)


def _adjusted(warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
    """By Holm: the largest of the smaller p-values, each times the number of those that are not smaller."""
    control = row["control_variant"]
    arms = _arms(warehouse, row)
    known = {
        name: value
        for name, arm in arms.items()
        if control is not None and name != control and row["numerator"] is not None
        and (value := _p_value(row, arm, arms[control])) is not None
    }  # fmt: skip
    if row["variant"] not in known:
        return {}, None
    own = known[row["variant"]]
    inputs = {f"p-value of {name}": value for name, value in sorted(known.items())}
    smaller = [value for value in known.values() if value <= own]
    steps = (value * sum(1 for other in known.values() if other >= value) for value in smaller)
    return inputs, min(1.0, max(steps))


def _split(warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
    arms = _arms(warehouse, row)
    planned = [arm for arm in arms.values() if arm.planned > 0]
    assigned, shares = sum(arm.assigned for arm in arms.values()), sum(arm.planned for arm in planned)
    inputs = {f"assigned to {name}": arm.assigned for name, arm in sorted(arms.items())}
    if not assigned or not shares:
        return inputs, None
    if sum(arm.assigned for arm in planned) < assigned:
        return inputs, 0.0
    if len(planned) < 2:
        return inputs, None
    expected = [assigned * arm.planned / shares for arm in planned]
    return inputs, float(stats.chisquare([arm.assigned for arm in planned], expected).pvalue)


FITTED: Final = {
    "p_value": _compared(_p_value),
    "difference_low": _compared(_interval(0)),
    "difference_high": _compared(_interval(1)),
    "detectable_difference": _compared(_detectable),
    "p_value_adjusted": Fitted(_adjusted, _RELATIONS, ("p_value",)),
    "srm_p_value": Fitted(_split, _RELATIONS, ("assigned_units",)),
}
