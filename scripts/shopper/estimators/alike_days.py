"""The standard error of a forecast of daily sales whose errors are alike from one day to the next.

Errors are taken for an autoregression of order 1: the correlation of two days is rho to the power of the days between
them. Ordinary least squares assumes rho = 0, and its intervals are too narrow where good days follow good days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float64]

LEAST_ALIKE = -0.4
MOST_ALIKE = 0.95


@dataclass(frozen=True)
class Forecast:
    """Variance of the error of a forecast sum, degrees of freedom, and the correlation of neighbouring days."""

    variance: float
    freedom: float
    correlation: float


def forecast_error(features: Floats, days: Floats, values: Floats, compared: Floats, compared_days: Floats) -> Forecast:
    """Error of the sum of other days as predicted by ordinary least squares; the variance is 0 if nothing varies.

    features, compared: days x regressors, of the fitted and of the other days; their day numbers beside them.

    The lag-1 correlation of residuals is smaller than that of errors, because the regression takes part of it. So
    rho is the one whose expected correlation of residuals is the measured one plus a quarter of its standard error,
    which is 1 / sqrt(days): a rho that is too small makes intervals too narrow, more than one as much too large
    makes them wide. It may be below 0: rho cut at 0 is too large on average where days are not alike. The variance
    is unbiased at that rho; degrees of freedom by Satterthwaite (1946), An approximate distribution of estimates of
    variance components, Biometrics Bulletin 2.
    """
    with threadpool_limits(limits=1):
        inverse = np.linalg.inv(features.T @ features)
        maker = np.eye(len(days)) - features @ inverse @ features.T
        apart = np.abs(days[:, None] - days[None, :])
        neighbours = maker @ np.where(apart == 1, 0.5, 0.0) @ maker
        residuals = maker @ values
        squares = float(residuals @ residuals)
        if squares <= 1e-18 * float(values @ values):
            return Forecast(0.0, 1.0, 0.0)
        measured = float(residuals @ neighbours @ residuals) / squares + 0.25 / float(np.sqrt(len(days)))

        def excess(rho: float) -> float:
            alike = rho**apart
            return float((neighbours * alike).sum() / (maker * alike).sum()) - measured

        if excess(LEAST_ALIKE) >= 0:
            rho = LEAST_ALIKE
        elif excess(MOST_ALIKE) <= 0:
            rho = MOST_ALIKE
        else:
            rho = float(brentq(excess, LEAST_ALIKE, MOST_ALIKE, xtol=1e-13))
        mixed = maker @ rho**apart
        degrees = float(np.trace(mixed))
        weights = np.concatenate([np.ones(len(compared_days)), -(features @ inverse @ compared.sum(axis=0))])
        everyone = np.concatenate([compared_days, days])
        spread = float(weights @ rho ** np.abs(everyone[:, None] - everyone[None, :]) @ weights)
        return Forecast(squares / degrees * spread, degrees**2 / float((mixed * mixed.T).sum()), rho)
