"""Values of BG/NBD and Gamma-Gamma, from the fitted parameters and the history of one customer.

Written from the models and not from the estimators: what these solve in closed form is integrated here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy import integrate, special

from shopper.explain.computing import Computed, Fitted
from shopper.explain.warehouse import Warehouse, filled

_WEEK: Final = 7
_MONTH: Final = 365 / 12
_HISTORY: Final = """
select repeat_days, recency_days, age_days, positive_repeat_days, positive_repeat_value, horizon_days,
    cast(monthly_discount_rate as double) as monthly_discount_rate, bg_nbd_status, gamma_gamma_status, r, alpha, a, b,
    p, q, v
from intermediate.int_clv_histories as histories
inner join intermediate.int_clv_cutoffs as cutoffs on cutoffs.cutoff_date = histories.cutoff_date
inner join intermediate.int_clv_fits as fits on fits.cutoff_date = histories.cutoff_date
where is_as_of and customer_id = $customer_id
"""


def _history(warehouse: Warehouse, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The customer's purchase history and the parameters of both models; None without an order."""
    found = warehouse.rows(filled(_HISTORY, row))
    return found[0] if found else None


def _alive(one: Mapping[str, Any]) -> float:
    """Probability that the customer has not churned, by BG/NBD; times in weeks."""
    x = one["repeat_days"]
    if not x:
        return 1.0
    grown = (one["alpha"] + one["age_days"] / _WEEK) / (one["alpha"] + one["recency_days"] / _WEEK)
    return float(1 / (1 + one["a"] / (one["b"] + x - 1) * grown ** (one["r"] + x)))


def _orders_until(one: Mapping[str, Any], days: float) -> float:
    """Expected orders in the next days of a customer who has not churned: the mean over the chance p of churning.

    After an order the chance is Beta(a, b + x); the rate is Gamma, so a customer with chance p orders
    (1 - (1 + p days / (alpha + age)) ^ -(r + x)) / p times.
    """
    x, reach = one["repeat_days"], days / _WEEK / (one["alpha"] + one["age_days"] / _WEEK)

    def given(chance: float) -> float:
        if chance <= 0:
            return float((one["r"] + x) * reach)
        return float(-np.expm1(-(one["r"] + x) * np.log1p(chance * reach)) / chance)

    a, b = one["a"], one["b"] + x
    # With weights p^(a - 1) (1 - p)^(b - 1), whose ends the quadrature knows.
    whole, _ = integrate.quad(given, 0, 1, weight="alg", wvar=(a - 1, b - 1), epsabs=0, epsrel=1e-10)
    return float(whole / special.beta(a, b))


def _value_of_order(one: Mapping[str, Any]) -> float | None:
    """Expected order value by Gamma-Gamma; 0 where all repeat purchases came to nothing."""
    if one["gamma_gamma_status"] != "fitted":
        return None
    if one["repeat_days"] and not one["positive_repeat_days"]:
        return 0.0
    total = one["v"] + float(one["positive_repeat_value"])
    return float(one["p"] * total / (one["p"] * one["positive_repeat_days"] + one["q"] - 1))


def _lifetime(compute: Callable[[Mapping[str, Any]], Any], shown: Sequence[str]) -> Fitted:
    """A value of the lifetime models, and the inputs that it shows."""

    def of_row(warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
        one = _history(warehouse, row)
        return ({}, None) if one is None else ({name: one[name] for name in shown}, compute(one))

    relations_ = ("int_clv_histories", "int_clv_cutoffs", "int_clv_fits")
    return Fitted(of_row, tuple(f"intermediate.{name}" for name in relations_))


def _if_fitted(one: Mapping[str, Any], value: Callable[[], float]) -> float | None:
    return value() if one["bg_nbd_status"] == "fitted" else None


def _cents(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _discounted(one: Mapping[str, Any]) -> float:
    """Orders of the horizon by month, those of month m divided by (1 + rate) ^ m."""
    ends = [_MONTH * month for month in range(1, round(one["horizon_days"] / _MONTH) + 1)]
    totals = [0.0, *(_orders_until(one, end) for end in ends)]
    rate = one["monthly_discount_rate"]
    gained = (later - earlier for earlier, later in pairwise(totals))
    return sum(float(orders / (1 + rate) ** month) for month, orders in enumerate(gained, start=1))


def _predicted_clv(one: Mapping[str, Any]) -> Decimal | None:
    value = _value_of_order(one)
    if value is None or one["bg_nbd_status"] != "fitted":
        return None
    return _cents(_alive(one) * _discounted(one) * value)


_RHYTHM: Final = ("repeat_days", "recency_days", "age_days", "r", "alpha", "a", "b")
_SPENDING: Final = ("positive_repeat_days", "positive_repeat_value", "p", "q", "v")
FITTED: Final = {
    "probability_alive": _lifetime(
        lambda one: _if_fitted(one, lambda: _alive(one)) if one["repeat_days"] else None, _RHYTHM
    ),
    "predicted_orders": _lifetime(
        lambda one: _if_fitted(one, lambda: _alive(one) * _orders_until(one, one["horizon_days"])), _RHYTHM
    ),
    "predicted_order_value": _lifetime(lambda one: _cents(_value_of_order(one)), _SPENDING),
    "predicted_clv": _lifetime(_predicted_clv, (*_RHYTHM, *_SPENDING, "monthly_discount_rate")),
}
