"""How far levels that do not differ lie from the best of them by chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

_HOLDING: Final = 0.95
# Standard errors of a level from its mean, in steps, and the chance of each. Over them the sum equals the integral.
_STEPS: Final = np.linspace(-8, 8, 321)
_WIDTH: Final = 16 / 320
_CHANCES: Final = np.exp(-(_STEPS**2) / 2) * _WIDTH / np.sqrt(2 * np.pi)
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
    levels = [_Best(error, np.delete(errors, place)[:, None]) for place, error in enumerate(errors)]
    return float(ndtr(-brentq(lambda quantile: _surplus(levels, quantile), 1.5, 8, xtol=1e-13)))


class _Best:
    """A level as the best of all, at each step of its error."""

    def __init__(self, error: float, others: npt.NDArray[np.float64]) -> None:
        """The standard errors of the level and, as a column, of the others."""
        self._places = error * _STEPS
        self._others = others
        self._both = np.hypot(error, others)
        self._below = ndtr(self._places / others)

    def holds(self, quantile: float) -> float:
        """How often no other lies further below it than the quantile times the standard error of their difference."""
        below = self._below - ndtr((self._places - quantile * self._both) / self._others)
        return float((_CHANCES * below.prod(axis=0)).sum())


def _surplus(levels: Sequence[_Best], quantile: float) -> float:
    """How much more often than it should the quantile holds for all levels together."""
    held = 0.0
    # Not sum(): from Python 3.12 it rounds otherwise.
    for level in levels:
        held += level.holds(quantile)
    return held - _HOLDING
