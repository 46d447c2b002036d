"""Differences of levels with exposures that are alike: by hand, and on shops without an effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest

from shopper.bench.placebos import friction_pairs, holds_zero, page_loads, product_views
from shopper.crosscheck.oracle.friction import newcombe
from shopper.estimators.differences import Kind, Level, Products, difference_interval, level_differences

Exposure = tuple[int, int, str | None, bool]


def _differences(exposures: Sequence[Exposure], minimum: int = 30) -> list[dict[str, object]]:
    return level_differences(friction_pairs(exposures), {"r": minimum}, ("rule",), ("next_steps",)).to_pylist()


def _interval(exposures: Sequence[Exposure]) -> tuple[object, object]:
    (row,) = (row for row in _differences(exposures) if (row["level"], row["other_level"]) == ("0", "1"))
    return row["next_steps_difference_low"], row["next_steps_difference_high"]


def _width(exposures: Sequence[Exposure]) -> float:
    low, high = _interval(exposures)
    assert isinstance(low, float) and isinstance(high, float)
    return high - low


def _independent(hits: int, other_hits: int) -> list[Exposure]:
    """100 exposures at each of two levels, each in a session of its own."""
    return [
        (level, 1000 * level + n, None, n < count) for level, count in ((0, hits), (1, other_hits)) for n in range(100)
    ]


def test_independent_exposures_have_nearly_newcombes_interval() -> None:
    """Student's quantile and the correction for the number of clusters add a little."""
    _, low, high = newcombe((30, 100), (20, 100))
    assert _interval(_independent(30, 20)) == pytest.approx((low, high), abs=0.003)


def test_a_session_seen_ten_times_is_one_trial() -> None:
    """Ten pages of each of ten sessions say as much as ten independent ones, not as a hundred."""
    alike = [
        (level, 1000 * level + n // 10, None, n // 10 < count) for level, count in ((0, 5), (1, 2)) for n in range(100)
    ]
    low, high = _interval(alike)
    plain_low, plain_high = _interval(_independent(50, 20))
    assert isinstance(low, float) and low < 0
    assert isinstance(plain_low, float) and plain_low > 0
    assert isinstance(high, float) and isinstance(plain_high, float)
    assert high - low > 2.5 * (plain_high - plain_low)


def test_a_level_of_one_product_has_no_interval() -> None:
    """The level cannot be told from its only product."""
    one = [(0, n, "lamp", n < 40) for n in range(100)]
    many = [(1, 1000 + n, f"p{n % 9}", n < 20) for n in range(100)]
    assert _interval([*one, *many]) == (None, None)


def test_a_level_that_is_not_comparable_is_compared_but_no_rival() -> None:
    rows = _differences([*_independent(30, 20), (2, 5000, None, True), (2, 5001, None, True)])
    assert {(row["level"], row["other_level"]) for row in rows} == {("0", "1"), ("1", "0"), ("2", "0"), ("2", "1")}


def test_a_smaller_chance_widens_the_interval() -> None:
    level = Level(30, 100)
    kind = Kind(Products(100, 30, 30, 30, 100), Products(100, 30, 30, 30, 100), Products())
    widths = []
    for chance in (0.025, 0.01, 0.005):
        low, high = difference_interval(level, level, {"session": kind, "product": Kind(*[Products()] * 3)}, chance)
        assert low is not None and high is not None
        widths.append(high - low)
    assert widths == sorted(widths) and widths[0] < widths[1] < widths[2]


def test_a_third_level_widens_the_interval() -> None:
    """Three levels are three chances that one is far from the best."""
    two = _independent(30, 20)
    third = [(2, 5000 + n, None, n < 25) for n in range(100)]
    assert _width([*two, *third]) == pytest.approx(_width(two) * 2.344 / 1.960, rel=0.02)


@pytest.mark.parametrize(
    ("sizes", "equal"), [([40] * 10, 10), ([160, 160, *[10] * 8], 160_000 / 52_000), ([399, 1], 2)]
)
def test_products_of_unequal_size_are_as_good_as_fewer_equal_ones(
    sizes: Sequence[int], equal: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both levels have these products, so that degrees of freedom are twice those of one; never less than 1 each."""
    seen: list[float] = []
    monkeypatch.setattr("shopper.estimators.differences.stdtrit", lambda freedom, chance: seen.append(freedom) or -2.0)
    _interval(
        [
            (level, 1000 * level + n, f"p{level}-{place}", n % 10 < 2 + place % 3)
            for level in (0, 1)
            for n, place in enumerate(place for place, size in enumerate(sizes) for _ in range(size))
        ]
    )
    assert seen == [pytest.approx(2 * (equal - 1))] * 2


@pytest.mark.parametrize("shop", [page_loads, product_views])
def test_shops_without_an_effect_show_one_in_one_of_twenty(
    shop: Callable[[np.random.Generator], list[Exposure]],
) -> None:
    """All intervals to the best level hold 0. Exposures taken for independent show an effect in about half of them."""
    chance = np.random.default_rng(17)
    held = sum(all(holds_zero(shop(chance))) for _ in range(100))
    assert 90 <= held <= 100


def test_empty_tables_stay_typed() -> None:
    found = level_differences(friction_pairs(_independent(30, 20)).slice(0, 0), {}, ("rule",), ("next_steps",))
    assert found.num_rows == 0
    assert found.schema.field("next_steps_difference_low").type == pa.float64()
