"""The chance that levels without a difference may lie apart from the best of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from shopper.estimators.ranges import chance_per_level

# Upper 5 % points of the studentized range without degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7).
TUKEY = {2: 2.772, 3: 3.314, 4: 3.633, 5: 3.858, 8: 4.286}


def _quantile(variances: tuple[float, ...]) -> float:
    return float(-ndtri(chance_per_level(variances)))


@pytest.mark.parametrize("levels", TUKEY)
def test_equal_levels_have_tukeys_quantile(levels: int) -> None:
    assert _quantile((0.02,) * levels) == pytest.approx(TUKEY[levels] / 2**0.5, abs=0.0005)


def test_two_levels_have_the_quantile_of_one_comparison() -> None:
    assert _quantile((3.0, 0.1)) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.parametrize("variances", [(1.0, 4.0, 25.0), (1.0, 1.0, 1.0, 50.0), (9.0, 2.0, 1.0, 1.0)])
def test_unequal_levels_hold_together_in_95_of_100_cases(variances: tuple[float, ...]) -> None:
    errors = np.sqrt(variances)
    shares = np.random.default_rng(3).normal(size=(200_000, len(errors))) * errors
    best = shares.argmax(axis=1)
    apart = (shares.max(axis=1)[:, None] - shares) / np.hypot(errors, errors[best][:, None])
    held = (apart.max(axis=1) <= _quantile(variances)).mean()
    assert held == pytest.approx(0.95, abs=0.002)
    assert _quantile(variances) < TUKEY[len(variances)] / 2**0.5


@pytest.mark.parametrize("variances", [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0)])
def test_levels_without_any_success_have_a_quantile(variances: tuple[float, ...]) -> None:
    """A variance of 0 is one that no success has shown yet."""
    assert 1.959964 < _quantile(variances) <= TUKEY[3] / 2**0.5 + 0.0005
