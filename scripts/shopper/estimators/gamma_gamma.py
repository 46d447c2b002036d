"""The Gamma-Gamma model of order values (Fader, Hardie 2013, "The Gamma-Gamma Model of Monetary Value").

The value of an order varies around the customer's mean (Gamma with shape p). The means vary over customers (rates from
a Gamma with shape q and rate v). The data of a customer are the number of orders and their sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from shopper.estimators.likelihood import FITTED, NO_MEAN, Floats, Maximum, dot, maximize

_SHAPE_BOUNDS: Final = (1e-3, 1e4)


@dataclass(frozen=True)
class GammaGamma:
    """Parameters: shapes p and q without a unit; v in money."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """Mean order value of the population, in money; infinite if q <= 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")


@dataclass(frozen=True)
class Spendings:
    """Distinct pairs of number of orders (from 1) and total value (above 0), and the number of customers with each."""

    orders: Floats
    total: Floats
    customers: Floats


class _Objective:
    """Mean log-likelihood of the mean order values, and its gradient."""

    def __init__(self, spendings: Spendings) -> None:
        self.weight = spendings.customers
        self.population = float(self.weight.sum())
        self.logs = np.log(spendings.total)
        self.total = spendings.total
        self.orders = spendings.orders
        self.counts, places = np.unique(spendings.orders, return_inverse=True)
        self.count_weight = np.bincount(places, weights=self.weight, minlength=len(self.counts)).astype(np.float64)
        self.constant = dot(self.weight, np.log(spendings.orders) - self.logs)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        p, q, v = (float(value) for value in parameters)
        shapes = p * self.counts
        log_sum = np.log(v) + np.log1p(self.total / v)
        above = self.logs - log_sum
        power = p * self.orders + q
        value = self.constant - dot(self.count_weight, special.betaln(shapes, q))
        value += dot(self.weight, p * self.orders * above - q * np.log1p(self.total / v))
        both = special.digamma(shapes + q)
        by_p = dot(self.count_weight, self.counts * (both - special.digamma(shapes)))
        by_p += dot(self.weight, self.orders * above)
        by_q = dot(self.count_weight, both - special.digamma(q)) - dot(self.weight, np.log1p(self.total / v))
        by_v = dot(self.weight, q / v - power / (self.total + v))
        return value / self.population, np.asarray([by_p, by_q, by_v]) / self.population


def mean_log_likelihood(model: GammaGamma, spendings: Spendings) -> float:
    """Log-likelihood of the customers' mean order values, divided by the number of customers."""
    return _Objective(spendings)(np.asarray([model.p, model.q, model.v]))[0]


def fit(spendings: Spendings) -> tuple[GammaGamma, Maximum]:
    """Maximum likelihood parameters, and the result of the search. Needs at least one customer.

    If q <= 1, the population has no mean order value: status `no_mean_order_value`.
    """
    weight = spendings.customers / spendings.customers.sum()
    mean = dot(weight, spendings.total / spendings.orders)
    starts = [(p, q, mean * max(q - 1, 0.2) / p) for p, q in ((1.0, 2.0), (6.0, 4.0), (0.5, 8.0), (20.0, 3.0))]
    found = maximize(_Objective(spendings), starts, (_SHAPE_BOUNDS, _SHAPE_BOUNDS, (mean * 1e-5, mean * 1e5)))
    model = GammaGamma(*found.parameters)
    if found.status == FITTED and model.q <= 1:
        found = Maximum(found.parameters, found.log_likelihood, NO_MEAN)
    return model, found


def expected_order_value(model: GammaGamma, orders: Floats, total: Floats) -> Floats:
    """Expected mean order value of customers, given the number of orders and their total value; without orders that of
    the population.
    """
    return model.p * (model.v + total) / (model.p * orders + model.q - 1)
