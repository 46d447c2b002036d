"""Every kind of published interval holds the truth in about 95 of 100 shops; the benchmark measures it on more."""

from __future__ import annotations

import numpy as np
import pytest

from shopper.bench.placebo import TRIALS, coverages


@pytest.mark.parametrize("name", TRIALS)
def test_intervals_hold_the_truth(name: str) -> None:
    """Bounds of three standard errors of 80 shops about 95 %."""
    shops = 40 if name.startswith("friction") else 80
    ((_, taken, share),) = coverages(shops, {name: TRIALS[name]})
    assert taken >= 0.9 * shops
    assert share >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / shops)
