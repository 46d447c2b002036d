"""The price regression compared with statsmodels' Poisson GLM with month dummies and robust errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shopper.estimators import elasticity
from shopper.estimators.elasticity import Fit, Weeks

statsmodels = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed (make compare)")


def drawn(seed: int, count: int, slope: float, has_promotion: bool) -> Weeks:
    """Overdispersed weekly units with month effects."""
    chance = np.random.default_rng(seed)
    month = np.arange(count) * 12 // 52
    price = chance.choice([59.0, 69.0, 75.5, 79.0], count) * chance.uniform(0.97, 1, count)
    promotion = (chance.random(count) < 0.25).astype(float) * has_promotion
    level = 2.5 + 0.4 * chance.normal(size=month.max() + 1)[month] + 0.2 * promotion
    mean = np.exp(level + slope * np.log(price / 70)) * chance.gamma(4, 0.25, count)
    return Weeks(month, chance.poisson(mean).astype(float), price, promotion)


def glm(weeks: Weeks, has_promotion: bool) -> Any:
    """The fit of statsmodels. The slope is the first parameter."""
    dummies = (weeks.month[:, None] == np.unique(weeks.month)[None, :]).astype(float)
    columns = [np.log(weeks.price), *([weeks.promotion] if has_promotion else []), *dummies.T]
    model = statsmodels.GLM(weeks.units, np.column_stack(columns), family=statsmodels.families.Poisson())
    return model.fit(cov_type="HC0", use_t=True, tol=1e-12, maxiter=200)


@pytest.mark.parametrize("has_promotion", [False, True])
@pytest.mark.parametrize("slope", [-2.5, -1.0, -0.3, 0.4])
@pytest.mark.parametrize("count", [30, 78, 156])
def test_slope_and_interval_equal_statsmodels(count: int, slope: float, has_promotion: bool) -> None:
    weeks = drawn(count, count, slope, has_promotion)
    found, expected = elasticity.fit(weeks), glm(weeks, has_promotion)
    assert isinstance(found, Fit)
    assert found.elasticity == pytest.approx(expected.params[0], rel=1e-6)
    assert found.freedom == expected.df_resid
    # HC1 is HC0 with a correction for the number of parameters, which statsmodels omits for nonlinear models.
    correction = float(np.sqrt(count / expected.df_resid))
    assert found.error == pytest.approx(expected.bse[0] * correction, rel=1e-6)
    half = (expected.conf_int()[0] - expected.params[0]) * correction
    assert found.interval == pytest.approx(tuple(expected.params[0] + half), rel=1e-6)
    if has_promotion:
        assert found.promotion_effect == pytest.approx(expected.params[1], rel=1e-6)
