"""Incremental effects of campaigns and promotions, for the Python models int_campaign_intervals and
int_promotion_effects.

Means and sums are exact fractions, so that they do not depend on the order of rows or the number of threads. Errors,
roots and quantiles are doubles.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from shopper.estimators.alike_days import forecast_error
from shopper.estimators.experiments import Sample, welch_test
from shopper.estimators.rounding import ten_digits

_MONEY: Final = pa.decimal128(18, 2)
_LEVEL: Final = 0.95

CAMPAIGN_INTERVALS: Final = pa.schema(
    [
        ("campaign_id", pa.string()),
        ("incremental_orders_low", pa.float64()),
        ("incremental_orders_high", pa.float64()),
        ("incremental_revenue_low", _MONEY),
        ("incremental_revenue_high", _MONEY),
    ]
)
_EFFECTS: Final = ("uplift_amount", "change_after_amount", "net_effect_amount")
PROMOTION_EFFECTS: Final = pa.schema(
    [
        ("promotion_code", pa.string()),
        ("promotion_days", pa.int64()),
        ("regular_net_revenue", _MONEY),
        ("period_net_revenue", _MONEY),
        ("regular_net_revenue_after", _MONEY),
        ("net_revenue_after", _MONEY),
        *((f"{effect}{end}", _MONEY) for effect in _EFFECTS for end in ("", "_low", "_high")),
    ]
)


def campaign_intervals(holdouts: pa.Table) -> pa.Table:
    """The columns of `CAMPAIGN_INTERVALS`, one row per campaign, by id; money in the reporting currency.

    holdouts: campaign_id and, for the arms treated and holdout, <arm>_units, _orders, _orders_squared, _revenue and
    _revenue_squared (sums over units; null without orders landed or without units). The ends are those of Welch's
    interval of the difference of means, times the treated units; null if an outcome is unknown, an arm has fewer than
    two units or nothing varies.
    """
    rows: list[dict[str, Any]] = []
    for holdout in sorted(holdouts.to_pylist(), key=lambda one: one["campaign_id"]):
        row: dict[str, Any] = {"campaign_id": holdout["campaign_id"]}
        for outcome in ("orders", "revenue"):
            if holdout[f"treated_{outcome}"] is None or holdout[f"holdout_{outcome}"] is None:
                continue
            treated, control = (
                Sample(
                    holdout[f"{arm}_units"],
                    Fraction(holdout[f"{arm}_{outcome}"]),
                    Fraction(holdout[f"{arm}_{outcome}_squared"]),
                )
                for arm in ("treated", "holdout")
            )
            welch = welch_test(treated, control)
            if welch is not None:
                for end, value in (("low", welch.low), ("high", welch.high)):
                    value *= treated.units
                    row[f"incremental_{outcome}_{end}"] = (
                        cents(Fraction(value)) if outcome == "revenue" else ten_digits(value)
                    )
        rows.append(row)
    return pa.Table.from_pylist(rows, CAMPAIGN_INTERVALS)


@dataclass(frozen=True)
class Day:
    """A day around a promotion: its number from the first comparison day, its period and the shop's net revenue."""

    number: int
    period: str
    revenue: Fraction


@dataclass(frozen=True)
class Effect:
    """Regular net revenue of some days, and the difference to it. The 95 % interval is None if nothing varies."""

    regular: Fraction
    amount: Fraction
    low: float | None
    high: float | None


def promotion_effects(days: pa.Table) -> pa.Table:
    """The columns of `PROMOTION_EFFECTS`, one row per promotion, by code; money in the reporting currency, to the cent.

    days: promotion_code, period (before, during, after, later), day_number and net_revenue. One row per promotion and
    day.
    """
    promotions: dict[str, list[Day]] = defaultdict(list)
    for row in days.to_pylist():
        promotions[row["promotion_code"]].append(Day(row["day_number"], row["period"], Fraction(row["net_revenue"])))
    rows = [_promotion_row(code, sorted(own, key=lambda day: day.number)) for code, own in sorted(promotions.items())]
    return pa.Table.from_pylist(rows, PROMOTION_EFFECTS)


def _promotion_row(code: str, days: Sequence[Day]) -> dict[str, Any]:
    """The effects on the days of the promotion, on the days after it, and on both together."""
    during, after = ([day for day in days if day.period == period] for period in ("during", "after"))
    effects = {
        "uplift_amount": effect_of(days, during),
        "change_after_amount": effect_of(days, after),
        "net_effect_amount": effect_of(days, [*during, *after]),
    }
    row: dict[str, Any] = {
        "promotion_code": code,
        "promotion_days": len(during),
        "regular_net_revenue": cents(effects["uplift_amount"].regular),
        "period_net_revenue": cents(sum((day.revenue for day in during), Fraction())),
        "regular_net_revenue_after": cents(effects["change_after_amount"].regular),
        "net_revenue_after": cents(sum((day.revenue for day in after), Fraction())),
    }
    for name, effect in effects.items():
        row[name] = cents(effect.amount)
        row[f"{name}_low"] = None if effect.low is None else cents(Fraction(effect.low))
        row[f"{name}_high"] = None if effect.high is None else cents(Fraction(effect.high))
    row["net_effect_amount"] = row["uplift_amount"] + row["change_after_amount"]
    return row


def effect_of(days: Sequence[Day], compared: Sequence[Day]) -> Effect:
    """Net revenue of some days compared with a trend line through the regular days, with a level for each weekday.

    Ordinary least squares of net revenue on weekday and day number. The interval is the prediction interval of a sum of
    days that are alike (`forecast_error`). Every weekday needs two regular days.

    Source: Draper, N. R. and Smith, H. (1998), Applied Regression Analysis, 3rd edition, sections 5.1 and 8.2; the
    slope by Frisch, R. and Waugh, F. V. (1933), Partial time regressions, Econometrica 1.
    """
    regular = [day for day in days if day.period in ("before", "later")]
    number_spread, product_spread = Fraction(), Fraction()
    means: dict[int, tuple[Fraction, Fraction]] = {}
    for weekday in range(7):
        own = [day for day in regular if day.number % 7 == weekday]
        number = Fraction(sum(day.number for day in own), len(own))
        revenue = sum((day.revenue for day in own), Fraction()) / len(own)
        means[weekday] = number, revenue
        number_spread += sum((day.number - number) ** 2 for day in own)
        product_spread += sum(((day.number - number) * (day.revenue - revenue) for day in own), Fraction())
    slope = product_spread / number_spread
    expected = sum(
        (means[day.number % 7][1] + slope * (day.number - means[day.number % 7][0]) for day in compared), Fraction()
    )
    amount = sum((day.revenue for day in compared), Fraction()) - expected
    error = forecast_error(
        _features(regular), np.array([day.number for day in regular], dtype=np.float64),
        np.array([float(day.revenue) for day in regular]),
        _features(compared), np.array([day.number for day in compared], dtype=np.float64),
    )  # fmt: skip
    if not error.variance:
        return Effect(expected, amount, None, None)
    reach = float(stats.t.ppf((1 + _LEVEL) / 2, error.freedom)) * math.sqrt(error.variance)
    return Effect(expected, amount, float(amount) - reach, float(amount) + reach)


def _features(days: Sequence[Day]) -> npt.NDArray[np.float64]:
    """Days x (seven weekdays, day number)."""
    return np.array([[*(day.number % 7 == weekday for weekday in range(7)), day.number] for day in days], dtype=float)


def cents(value: Fraction) -> Decimal:
    """Round to two places, half away from zero."""
    units = (abs(value) * 200 + 1) // 2
    return Decimal(units if value >= 0 else -units).scaleb(-2)
