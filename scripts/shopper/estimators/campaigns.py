"""Incremental effects of campaigns and promotions, for the Python models int_campaign_intervals and
int_promotion_effects.

Means and variances are exact fractions, so that they do not depend on the order of rows or the number of threads. Only
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

import pyarrow as pa
from scipy import stats

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
class Span:
    """Some days of one weekday: their number, the sum of their day numbers, and their net revenue."""

    days: int
    numbers: int
    revenue: Fraction


@dataclass(frozen=True)
class Weekday:
    """One weekday of a promotion: the regular days with sums of squares and products of day numbers and revenues, and
    the days to compare.
    """

    regular: Span
    numbers_squared: int
    revenue_squared: Fraction
    number_times_revenue: Fraction
    during: Span
    after: Span


@dataclass(frozen=True)
class Effect:
    """Regular net revenue of some days, and the difference to it. The 95 % interval is None if nothing varies."""

    regular: Fraction
    amount: Fraction
    low: float | None
    high: float | None


def promotion_effects(weekdays: pa.Table) -> pa.Table:
    """The columns of `PROMOTION_EFFECTS`, one row per promotion, by code; money in the reporting currency, to the cent.

    weekdays: promotion_code, weekday_number, <span>_days, <span>_day_numbers and <span>_net_revenue of the spans
    regular, during and after, regular_days_squared, regular_net_revenue_squared and regular_day_times_net_revenue. One
    row per promotion and weekday.
    """
    promotions: dict[str, list[Weekday]] = defaultdict(list)
    for row in weekdays.to_pylist():
        spans = [
            Span(row[f"{span}_days"], row[f"{span}_day_numbers"], Fraction(row[f"{span}_net_revenue"]))
            for span in ("regular", "during", "after")
        ]
        promotions[row["promotion_code"]].append(
            Weekday(
                spans[0], row["regular_days_squared"], Fraction(row["regular_net_revenue_squared"]),
                Fraction(row["regular_day_times_net_revenue"]), spans[1], spans[2],
            )
        )  # fmt: skip
    rows = [_promotion_row(code, days) for code, days in sorted(promotions.items())]
    return pa.Table.from_pylist(rows, PROMOTION_EFFECTS)


def _promotion_row(code: str, weekdays: Sequence[Weekday]) -> dict[str, Any]:
    """The effects on the days of the promotion, on the days after it, and on both together."""
    during, after = [day.during for day in weekdays], [day.after for day in weekdays]
    both = [
        Span(one.days + other.days, one.numbers + other.numbers, one.revenue + other.revenue)
        for one, other in zip(during, after, strict=True)
    ]
    effects = {
        "uplift_amount": effect_of(weekdays, during),
        "change_after_amount": effect_of(weekdays, after),
        "net_effect_amount": effect_of(weekdays, both),
    }
    row: dict[str, Any] = {
        "promotion_code": code,
        "promotion_days": sum(span.days for span in during),
        "regular_net_revenue": cents(effects["uplift_amount"].regular),
        "period_net_revenue": cents(sum((span.revenue for span in during), Fraction())),
        "regular_net_revenue_after": cents(effects["change_after_amount"].regular),
        "net_revenue_after": cents(sum((span.revenue for span in after), Fraction())),
    }
    for name, effect in effects.items():
        row[name] = cents(effect.amount)
        row[f"{name}_low"] = None if effect.low is None else cents(Fraction(effect.low))
        row[f"{name}_high"] = None if effect.high is None else cents(Fraction(effect.high))
    row["net_effect_amount"] = row["uplift_amount"] + row["change_after_amount"]
    return row


def effect_of(weekdays: Sequence[Weekday], compared: Sequence[Span]) -> Effect:
    """Net revenue of some days compared with a trend line through the regular days, with a level for each weekday.

    `compared` is in the order of `weekdays`. Ordinary least squares of net revenue on weekday and day number. The
    interval is the prediction interval of a sum, assuming independent days of equal variance; degrees of freedom:
    number of regular days less eight. Every weekday needs two regular days.

    Source: Draper, N. R. and Smith, H. (1998), Applied Regression Analysis, 3rd edition, sections 5.1 and 8.2; the
    slope by Frisch, R. and Waugh, F. V. (1933), Partial time regressions, Econometrica 1.
    """
    number_spread, product_spread, revenue_spread = Fraction(), Fraction(), Fraction()
    for day in weekdays:
        regular = day.regular
        number_spread += day.numbers_squared - Fraction(regular.numbers**2, regular.days)
        product_spread += day.number_times_revenue - regular.numbers * regular.revenue / regular.days
        revenue_spread += day.revenue_squared - regular.revenue**2 / regular.days
    slope = product_spread / number_spread
    level, distance, weight = Fraction(), Fraction(), Fraction()
    for day, span in zip(weekdays, compared, strict=True):
        level += span.days * day.regular.revenue / day.regular.days
        distance += span.numbers - Fraction(span.days * day.regular.numbers, day.regular.days)
        weight += span.days + Fraction(span.days**2, day.regular.days)
    expected = level + slope * distance
    amount = sum((span.revenue for span in compared), Fraction()) - expected
    freedom = sum(day.regular.days for day in weekdays) - len(weekdays) - 1
    residuals = revenue_spread - slope * product_spread
    if not residuals:
        return Effect(expected, amount, None, None)
    error = math.sqrt(residuals / freedom * (weight + distance**2 / number_spread))
    reach = float(stats.t.ppf((1 + _LEVEL) / 2, freedom)) * error
    return Effect(expected, amount, float(amount) - reach, float(amount) + reach)


def cents(value: Fraction) -> Decimal:
    """Round to two places, half away from zero."""
    units = (abs(value) * 200 + 1) // 2
    return Decimal(units if value >= 0 else -units).scaleb(-2)
