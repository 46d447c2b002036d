"""The benchmark's comparisons with packages: both sides find the same in the sample."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shopper.bench.beside.sides import COMPARISONS, both_sides

pytest.importorskip("lifetimes", reason="the packages are not installed (make compare)")

# ChannelAttribution simulates.
_TOLERANCES = {"rfm": {"rel": 1e-9}, "baskets": {"rel": 1e-9}, "markov": {"abs": 0.02}}


@pytest.mark.parametrize("name", _TOLERANCES)
def test_both_sides_find_the_same(name: str, sample_warehouse: Path) -> None:
    ours, theirs = both_sides(name, sample_warehouse, sys.executable)
    assert ours.error is None and theirs.error is None
    assert ours.cost and theirs.cost and min(ours.cost.cpu_seconds, theirs.cost.cpu_seconds) > 0
    assert ours.figures and dict(ours.figures) == pytest.approx(dict(theirs.figures), **_TOLERANCES[name])


def test_a_side_that_fails_tells_why(sample_warehouse: Path) -> None:
    """On the sample's few customers `lifetimes` finds no fit."""
    ours, theirs = both_sides("clv", sample_warehouse, sys.executable)
    assert ours.error is None and ours.figures["orders"] > 0
    assert theirs.cost is None and theirs.error and "did not converge" in theirs.error
    assert {*_TOLERANCES, "clv"} == COMPARISONS.keys()
