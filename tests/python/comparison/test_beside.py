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


def test_lifetimes_fits_the_same_where_it_finds_a_fit(sample_warehouse: Path) -> None:
    """With the sample's few customers the last digits of a processor decide whether `lifetimes` converges."""
    ours, theirs = both_sides("clv", sample_warehouse, sys.executable)
    assert ours.error is None and ours.figures["orders"] > 0
    if theirs.error is None:
        assert dict(theirs.figures) == pytest.approx(dict(ours.figures), rel=1e-6)
    else:
        assert "did not converge" in theirs.error


def test_a_side_that_fails_tells_why(sample_warehouse: Path) -> None:
    """A Python without the packages can't compute the other side."""
    ours, theirs = both_sides("clv", sample_warehouse, getattr(sys, "_base_executable", ""))
    assert ours.error is None
    assert theirs.cost is None and theirs.error and "No module named" in theirs.error


def test_every_comparison_is_tried() -> None:
    assert {*_TOLERANCES, "clv"} == COMPARISONS.keys()
