"""The BG/NBD model of repeat purchases (Fader, Hardie, Lee 2005, "Counting Your Customers" the Easy Way).

While active, a customer purchases by a Poisson process with an individual rate (Gamma with shape r and rate alpha).
After each purchase, the customer churns for good with an individual probability (Beta with a and b). A history has x
repeat purchases, the last at age t_x, observed until age T. Ages count from the first purchase, in any unit of time;
alpha has the same unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from shopper.estimators.likelihood import Floats, Maximum, dot, maximize

# Beyond these bounds the model degenerates to one with fewer parameters: equal rates, no churn, or equal dropout.
_SHAPE_BOUNDS: Final = (1e-4, 1e3)
_SCALE_BOUNDS: Final = (1e-4, 1e6)
# The closed form is 0 / 0 at a = 1 and at a + b + x = 1. Within this distance the integral is used instead.
_SINGULAR: Final = 1e-5
_QUADRATURE_NODES: Final = 512
_QUADRATURE_REACH: Final = 11.0
# Number of histories integrated at once: about 16 MB per array.
_QUADRATURE_ROWS: Final = 4096


@dataclass(frozen=True)
class BgNbd:
    """Parameters: shapes r, a and b without a unit; alpha in units of time."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class Histories:
    """Distinct histories and the number of customers with each: arrays of equal length.

    0 <= recency <= age; recency is 0 if frequency is 0.
    """

    frequency: Floats
    recency: Floats
    age: Floats
    customers: Floats


class _Objective:
    """Mean log-likelihood and its gradient. Terms that depend only on x are computed once for each x."""

    def __init__(self, histories: Histories) -> None:
        repeated = histories.frequency > 0
        self.total = float(histories.customers.sum())
        self.single_age = histories.age[~repeated]
        self.single_weight = histories.customers[~repeated]
        self.frequency = histories.frequency[repeated]
        self.recency = histories.recency[repeated]
        self.age = histories.age[repeated]
        self.weight = histories.customers[repeated]
        self.counts, places = np.unique(self.frequency, return_inverse=True)
        self.count_weight = np.bincount(places, weights=self.weight, minlength=len(self.counts)).astype(np.float64)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(value) for value in parameters)
        # Customers with one purchase: in this model no customer churns before a repeat purchase.
        single_logs = np.log1p(self.single_age / alpha)
        value = -r * dot(self.single_weight, single_logs)
        by_r = -dot(self.single_weight, single_logs)
        by_alpha = r / alpha * dot(self.single_weight, self.single_age / (alpha + self.single_age))

        counts, weights = self.counts, self.count_weight
        value += dot(
            weights,
            special.gammaln(r + counts) - special.gammaln(r) - counts * np.log(alpha)
            + special.betaln(a, b + counts) - special.betaln(a, b),
        )  # fmt: skip
        both = special.digamma(a + b) - special.digamma(a + b + counts)
        by_r += dot(weights, special.digamma(r + counts) - special.digamma(r))
        by_alpha -= dot(weights, counts) / alpha
        by_a = dot(weights, both)
        by_b = dot(weights, both + special.digamma(b + counts) - special.digamma(b))

        # Active at T, or churned after the purchase at t_x: this replaces one factor of staying by one of churning,
        # a / (b + x - 1).
        power = r + self.frequency
        age_logs, recency_logs = np.log1p(self.age / alpha), np.log1p(self.recency / alpha)
        alive = -power * age_logs
        gone = np.log(a) - np.log(b + self.frequency - 1) - power * recency_logs
        either = np.logaddexp(alive, gone)
        share = np.exp(alive - either)
        rest = 1 - share
        value += dot(self.weight, either)
        by_r -= dot(self.weight, share * age_logs + rest * recency_logs)
        by_alpha += dot(
            self.weight * power / alpha,
            share * self.age / (alpha + self.age) + rest * self.recency / (alpha + self.recency),
        )
        by_a += dot(self.weight, rest) / a
        by_b -= dot(self.weight, rest / (b + self.frequency - 1))
        return value / self.total, np.asarray([by_r, by_alpha, by_a, by_b]) / self.total


def mean_log_likelihood(model: BgNbd, histories: Histories) -> float:
    """Log-likelihood of the histories, divided by the number of customers."""
    return _Objective(histories)(np.asarray([model.r, model.alpha, model.a, model.b]))[0]


def fit(histories: Histories) -> tuple[BgNbd, Maximum]:
    """Maximum likelihood parameters, and the result of the search. Needs at least one customer."""
    weight = histories.customers / histories.customers.sum()
    age = max(dot(weight, histories.age), 1e-3)
    time_scale = max(dot(weight, histories.frequency), 1e-3) / age
    starts = [
        (shape, shape / time_scale, dropout, retention)
        for shape, dropout, retention in ((1.0, 1.0, 3.0), (0.3, 0.3, 1.0), (3.0, 0.1, 3.0), (0.5, 3.0, 10.0))
    ]
    found = maximize(_Objective(histories), starts, (_SHAPE_BOUNDS, _SCALE_BOUNDS, _SHAPE_BOUNDS, _SHAPE_BOUNDS))
    return BgNbd(*found.parameters), found


def probability_alive(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> Floats:
    """Probability that a customer is still active; 1 without a repeat purchase: no customer churns before the first."""
    repeated = frequency > 0
    odds = np.zeros_like(age)
    x, t_x, T = frequency[repeated], recency[repeated], age[repeated]  # noqa: N806
    odds[repeated] = np.exp(
        np.log(model.a) - np.log(model.b + x - 1)
        + (model.r + x) * (np.log(model.alpha + T) - np.log(model.alpha + t_x))
    )  # fmt: skip
    return 1 / (1 + odds)


def expected_purchases_if_alive(model: BgNbd, frequency: Floats, age: Floats, horizon: float) -> Floats:
    """Expected purchases in the `horizon` after `age`, for a customer who is still active.

    Closed form after Euler's transformation, in which no factor grows with x:
    (a + b + x - 1) / (a - 1) * (1 - y^(a - 1) * 2F1(a + b - 1 - r, a - 1; a + b + x - 1; 1 - y)),
    y = (alpha + T) / (alpha + T + horizon). If doubles are not precise enough for it, the integral over the Beta
    distribution.
    """
    singular = (abs(model.a - 1) < _SINGULAR) | (np.abs(model.a + model.b + frequency - 1) < _SINGULAR)
    expected = _closed_form(model, frequency, age, horizon)
    unsure = singular | ~np.isfinite(expected) | (expected < 0) | (max(model.a, model.b, model.r) > 50)
    if unsure.any():
        x, T = frequency[unsure], age[unsure]  # noqa: N806
        parts = [slice(first, first + _QUADRATURE_ROWS) for first in range(0, len(x), _QUADRATURE_ROWS)]
        expected[unsure] = np.concatenate([_by_quadrature(model, x[part], T[part], horizon) for part in parts])
    return expected


def _closed_form(model: BgNbd, frequency: Floats, age: Floats, horizon: float) -> Floats:
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    left = (alpha + age) / (alpha + age + horizon)
    ends = a + b + frequency - 1
    with np.errstate(all="ignore"):
        series = special.hyp2f1(a + b - 1 - r, a - 1, ends, 1 - left)
        return np.asarray(ends / (a - 1) * (1 - left ** (a - 1) * series), dtype=np.float64)


def _by_quadrature(model: BgNbd, frequency: Floats, age: Floats, horizon: float) -> Floats:
    """The mean of (1 - (1 + p * horizon / (alpha + T))^-(r + x)) / p over p ~ Beta(a, b + x).

    Trapezoidal rule in w, with p = 1 / (1 + exp(-s)) and s = centre + width * sinh(w): in w the density has no poles
    and decays doubly exponentially, so that equal steps converge fast for any a and b.
    """
    w = np.linspace(-_QUADRATURE_REACH, _QUADRATURE_REACH, _QUADRATURE_NODES)[None, :]
    a, b = model.a, (model.b + frequency)[:, None]
    width = np.minimum(1.0, np.sqrt(special.polygamma(1, a) + special.polygamma(1, b)))
    s = np.log(a / b) + width * np.sinh(w)
    log_p, log_rest = -np.logaddexp(0, -s), -np.logaddexp(0, s)
    density = np.exp(a * log_p + b * log_rest - special.betaln(a, b)) * width * np.cosh(w)
    p = np.exp(log_p)
    power, reach = (model.r + frequency)[:, None], (horizon / (model.alpha + age))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.where(p > 1e-12, -np.expm1(-power * np.log1p(p * reach)) / p, power * reach)
    return np.asarray((density * gained).sum(axis=1) * (w[0, 1] - w[0, 0]), dtype=np.float64)


def expected_purchases(model: BgNbd, frequency: Floats, recency: Floats, age: Floats, horizon: float) -> Floats:
    """Expected purchases in the `horizon` after `age`, including the probability that the customer has churned."""
    alive = probability_alive(model, frequency, recency, age)
    return alive * expected_purchases_if_alive(model, frequency, age, horizon)
