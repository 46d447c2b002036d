"""How far levels that do not differ lie from the best of them by chance."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

_HOLDING: Final = 0.95
# Standard errors of a level from its mean, and the steps between them. Over them the sum equals the integral.
_REACH: Final = 8
_STEPS: Final = 321
_LEAST_SHARE: Final = 0.01
"""Of the largest variance; a smaller one, such as that of a level without any success, counts as so much."""


@lru_cache(maxsize=4096)
def chance_per_level(variances: tuple[float, ...]) -> float:
    """Chance in one tail that each of these levels may have to lie apart from the best of them, so that the differences
    of all to the best hold together in 95 % of cases.

    variances: of the means of two or more levels, taken for independent and normal. For equal variances this is Tukey's
    studentized range; with unequal ones Tukey's quantile, and more so Bonferroni's, hold too often.
    """
    largest = max(variances)
    errors = np.sqrt([max(one, _LEAST_SHARE * largest) if largest > 0 else 1.0 for one in variances])
    return float(ndtr(-brentq(lambda quantile: _held(errors, quantile) - _HOLDING, 1.5, 8, xtol=1e-13)))


def _held(errors: npt.NDArray[np.float64], quantile: float) -> float:
    """How often no level lies further below the best than the quantile times the standard error of their difference."""
    steps, width = np.linspace(-_REACH, _REACH, _STEPS, retstep=True)
    density = np.exp(-(steps**2) / 2) * width / np.sqrt(2 * np.pi)
    held = 0.0
    for place, best in enumerate(errors):
        others = np.delete(errors, place)[:, None]
        below = ndtr(best * steps / others) - ndtr((best * steps - quantile * np.hypot(best, others)) / others)
        held += float((density * below.prod(axis=0)).sum())
    return held
