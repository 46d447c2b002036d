"""Effects of campaigns and promotions, compared with other methods."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from shopper.estimators.campaigns import (
    CAMPAIGN_INTERVALS,
    PROMOTION_EFFECTS,
    Span,
    Weekday,
    campaign_intervals,
    cents,
    effect_of,
    promotion_effects,
)

_REGULAR = [*range(28), *range(63, 91)]
_DURING, _AFTER = range(28, 35), range(35, 63)


def _span(days: list[int], revenue: list[int]) -> Span:
    return Span(len(days), sum(days), Fraction(sum(revenue[day] for day in days)))


def _weekdays(revenue: list[int]) -> list[Weekday]:
    """Sums by weekday of 91 days of revenue."""
    found = []
    for weekday in range(7):
        regular, during, after = ([day for day in days if day % 7 == weekday] for days in (_REGULAR, _DURING, _AFTER))
        found.append(
            Weekday(
                _span(regular, revenue), sum(day * day for day in regular),
                Fraction(sum(revenue[day] ** 2 for day in regular)),
                Fraction(sum(day * revenue[day] for day in regular)), _span(during, revenue), _span(after, revenue),
            )
        )  # fmt: skip
    return found


def test_the_trend_line_equals_ordinary_least_squares() -> None:
    """The prediction of a sum and its interval equal those of linear algebra."""
    chance = Random(5)
    revenue = [chance.randint(0, 900) + 7 * day + 300 * (day % 7 == 5) for day in range(91)]
    weekdays = _weekdays(revenue)
    features = np.array([[*(day % 7 == weekday for weekday in range(7)), day] for day in range(91)], dtype=float)
    values = np.array(revenue, dtype=float)
    weights, squares, _, _ = np.linalg.lstsq(features[_REGULAR], values[_REGULAR], rcond=None)
    inverse = np.linalg.inv(features[_REGULAR].T @ features[_REGULAR])
    for days, spans in ((_DURING, [day.during for day in weekdays]), (_AFTER, [day.after for day in weekdays])):
        compared = features[list(days)].sum(axis=0)
        expected = float(compared @ weights)
        error = np.sqrt(float(squares[0]) / (56 - 8) * (len(days) + compared @ inverse @ compared))
        reach = stats.t.ppf(0.975, 48) * error
        effect = effect_of(weekdays, spans)
        assert float(effect.regular) == pytest.approx(expected)
        assert float(effect.amount) == pytest.approx(values[list(days)].sum() - expected)
        assert (effect.low, effect.high) == pytest.approx((float(effect.amount) - reach, float(effect.amount) + reach))


def test_a_growing_shop_has_no_effect() -> None:
    """All days are exactly on the line: no effect, and no interval since nothing varies."""
    weekdays = _weekdays([100 + 3 * day + 50 * (day % 7) for day in range(91)])
    effect = effect_of(weekdays, [day.during for day in weekdays])
    assert effect.amount == 0
    assert effect.low is effect.high is None


def test_postponed_sales_have_no_net_effect() -> None:
    """The weeks after the promotion lose what its week gains."""
    revenue = [100 + (day * 37) % 11 for day in range(91)]
    for day in _DURING:
        revenue[day] += 40
    for day in _AFTER:
        revenue[day] -= 10
    table = pa.Table.from_pylist(
        [
            {
                "promotion_code": "moved", "weekday_number": number,
                **{
                    f"{name}_{column}": value
                    for name, span in (("regular", day.regular), ("during", day.during), ("after", day.after))
                    for column, value in (
                        ("days", span.days), ("day_numbers", span.numbers), ("net_revenue", Decimal(int(span.revenue)))
                    )
                },
                "regular_days_squared": day.numbers_squared,
                "regular_net_revenue_squared": Decimal(int(day.revenue_squared)),
                "regular_day_times_net_revenue": Decimal(int(day.number_times_revenue)),
            }
            for number, day in enumerate(_weekdays(revenue))
        ]
    )  # fmt: skip
    (row,) = promotion_effects(table).to_pylist()
    assert row["promotion_days"] == 7
    assert row["uplift_amount"] == row["period_net_revenue"] - row["regular_net_revenue"]
    assert row["uplift_amount_low"] < 280 < row["uplift_amount_high"]
    assert row["change_after_amount_low"] < -280 < row["change_after_amount_high"]
    assert row["net_effect_amount"] == row["uplift_amount"] + row["change_after_amount"]
    assert row["net_effect_amount_low"] < 0 < row["net_effect_amount_high"]


def _holdouts(treated: list[int], held: list[int]) -> pa.Table:
    row: dict[str, object] = {"campaign_id": "k"}
    for arm, values in (("treated", treated), ("holdout", held)):
        row |= {
            f"{arm}_units": len(values),
            **{
                f"{arm}_{outcome}{suffix}": Decimal(sum(one**power for one in values))
                for outcome in ("orders", "revenue")
                for suffix, power in (("", 1), ("_squared", 2))
            },
        }
    return pa.Table.from_pylist([row])


def test_campaign_intervals_equal_welchs() -> None:
    chance = Random(3)
    treated = [chance.choice([0, 0, 1, 3]) for _ in range(80)]
    held = [chance.choice([0, 0, 0, 1]) for _ in range(20)]
    (row,) = campaign_intervals(_holdouts(treated, held)).to_pylist()
    expected = stats.ttest_ind(treated, held, equal_var=False).confidence_interval(0.95)
    assert row["incremental_orders_low"] == pytest.approx(80 * expected.low)
    assert row["incremental_orders_high"] == pytest.approx(80 * expected.high)
    assert row["incremental_revenue_low"] == pytest.approx(Decimal(80 * expected.low), abs=Decimal("0.01"))


def test_intervals_that_can_not_be_estimated_are_null() -> None:
    for treated, held in (([1], [0, 1]), ([], []), ([0, 0], [0, 0])):
        (row,) = campaign_intervals(_holdouts(treated, held)).to_pylist()
        assert [value for name, value in row.items() if name != "campaign_id"] == [None] * 4


@pytest.mark.parametrize("unknown", [("treated", "holdout"), ("treated",), ("holdout",)])
def test_campaign_intervals_without_outcomes_are_null(unknown: tuple[str, ...]) -> None:
    """Outcomes are null without orders landed (both arms) and in an arm without rows."""
    (known,) = _holdouts([0, 1, 2], [0, 1]).to_pylist()
    row = {
        name: None if name.startswith(unknown) and not name.endswith("units") else value
        for name, value in known.items()
    }
    table = pa.Table.from_pylist([row], _holdouts([0, 1, 2], [0, 1]).schema)
    (interval,) = campaign_intervals(table).to_pylist()
    assert [value for name, value in interval.items() if name != "campaign_id"] == [None] * 4


def test_empty_tables_stay_typed() -> None:
    no_holdouts = _holdouts([1, 2], [1, 2]).slice(0, 0)
    assert campaign_intervals(no_holdouts).schema == CAMPAIGN_INTERVALS
    no_days = pa.table({"promotion_code": pa.array([], pa.string())})
    assert promotion_effects(no_days).schema == PROMOTION_EFFECTS


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1/200", "0.01"), ("-1/200", "-0.01"), ("1/201", "0.00"), ("12345/1000", "12.35"), ("-7", "-7.00")],
)
def test_cents_round_half_away_from_zero(value: str, expected: str) -> None:
    assert cents(Fraction(value)) == Decimal(expected)
