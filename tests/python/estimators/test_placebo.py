"""Every kind of published interval holds the truth in about 95 of 100 shops; the benchmark measures it on more."""

from __future__ import annotations

import numpy as np
import pytest

from shopper.bench.placebo import TRIALS, coverages


@pytest.mark.parametrize("name", TRIALS)
def test_intervals_hold_the_truth(name: str) -> None:
    """At least 95 % less three standard errors of so few shops."""
    shops = 30 if name.startswith(("friction", "promotion")) else 100
    ((_, taken, share),) = coverages(shops, {name: TRIALS[name]})
    assert taken >= 0.9 * shops
    assert share >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / shops)
