"""Effects of campaigns and promotions, compared with other methods."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from shopper.estimators.alike_days import LEAST_ALIKE
from shopper.estimators.campaigns import (
    CAMPAIGN_INTERVALS,
    PROMOTION_EFFECTS,
    Day,
    campaign_intervals,
    cents,
    effect_of,
    promotion_effects,
)

_REGULAR = [*range(28), *range(63, 91)]
_DURING, _AFTER = range(28, 35), range(35, 63)


def _days(revenue: list[int]) -> list[Day]:
    """91 days of revenue around a promotion of a week."""
    periods = {**dict.fromkeys(range(28), "before"), **dict.fromkeys(_DURING, "during"),
               **dict.fromkeys(_AFTER, "after"), **dict.fromkeys(range(63, 91), "later")}  # fmt: skip
    return [Day(number, periods[number], Fraction(amount)) for number, amount in enumerate(revenue)]


def test_the_trend_line_equals_ordinary_least_squares() -> None:
    """The prediction of a sum equals that of linear algebra. Errors that alternate have the least correlation; with it
    the interval equals that of the whole covariance of the days.
    """
    chance = Random(5)
    revenue = [chance.randint(0, 90) + 400 * (day % 2) + 7 * day + 300 * (day % 7 == 5) for day in range(91)]
    days = _days(revenue)
    features = np.array([[*(day % 7 == weekday for weekday in range(7)), day] for day in range(91)], dtype=float)
    values = np.array(revenue, dtype=float)
    weights, squares, _, _ = np.linalg.lstsq(features[_REGULAR], values[_REGULAR], rcond=None)
    alike = np.array([[LEAST_ALIKE ** abs(one - other) for other in range(91)] for one in range(91)])
    hat = features @ np.linalg.pinv(features[_REGULAR])
    left = np.eye(56) - hat[_REGULAR]
    mixed = left @ alike[np.ix_(_REGULAR, _REGULAR)] @ left.T
    for numbers in (_DURING, _AFTER):
        expected = float(features[list(numbers)].sum(axis=0) @ weights)
        pulls = np.zeros(91)
        pulls[list(numbers)] = 1
        pulls[_REGULAR] -= hat[list(numbers)].sum(axis=0)
        error = np.sqrt(float(squares[0]) / np.trace(mixed) * float(pulls @ alike @ pulls))
        reach = stats.t.ppf(0.975, np.trace(mixed) ** 2 / (mixed**2).sum()) * error
        effect = effect_of(days, [days[number] for number in numbers])
        assert float(effect.regular) == pytest.approx(expected)
        assert float(effect.amount) == pytest.approx(values[list(numbers)].sum() - expected)
        assert (effect.low, effect.high) == pytest.approx((float(effect.amount) - reach, float(effect.amount) + reach))


def _alike(chance: np.random.Generator, rho: float) -> list[int]:
    """91 days without a promotion's effect; each day keeps a part of the day before."""
    noise = chance.normal(size=141)
    for day in range(1, 141):
        noise[day] += rho * noise[day - 1]
    return [round(100_000 + 20_000 * one) for one in noise[50:]]


@pytest.mark.parametrize("rho", [0.0, 0.4])
def test_intervals_of_promotions_without_effect_hold_zero(rho: float) -> None:
    """In 95 of 100 shops; independent days would give 82 where days are alike."""
    chance = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        days = _days(_alike(chance, rho))
        effect = effect_of(days, [day for day in days if day.period == "during"])
        held += effect.low is not None and effect.high is not None and effect.low <= 0 <= effect.high
    assert 0.92 <= held / 200 <= 0.985


def test_a_growing_shop_has_no_effect() -> None:
    """All days are exactly on the line: no effect, and no interval since nothing varies."""
    days = _days([100 + 3 * day + 50 * (day % 7) for day in range(91)])
    effect = effect_of(days, [day for day in days if day.period == "during"])
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
            {"promotion_code": "moved", "period": day.period, "day_number": day.number,
             "net_revenue": Decimal(int(day.revenue))}
            for day in reversed(_days(revenue))
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
