"""The rule of outages on shops in which nothing was ever off: days by chance, like a clock, and in seasons."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest

from running import ROOT
from shopper.crosscheck.oracle.coverage import covered_days

_FIRST: Final = date(2024, 1, 1)
_SHOPS: Final = 500


def _rule() -> dict[str, Any]:
    with (ROOT / "seeds/reference/coverage_rules.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    return {name: value if "share" in name else int(value) for name, value in row.items()}


def _outages(numbers: Iterable[int]) -> list[tuple[date, date]]:
    days = [_FIRST + timedelta(days=number) for number in numbers]
    return covered_days(days, max(days), _rule()).outages


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4, 0.6, 0.8])
def test_days_that_come_by_chance_have_hardly_an_outage(share: float) -> None:
    """A year with an order on a share of its days. The decision log promises 0.4 % of 2,000 shops."""
    chance = Random(f"outages {share}")
    years = ([day for day in range(365) if chance.random() < share] for _ in range(_SHOPS))
    assert sum(bool(_outages(year)) for year in years) <= _SHOPS / 100


@pytest.mark.parametrize("share", [0.4, 0.6, 0.8, 1.0])
def test_six_weeks_without_a_day_are_one(share: float) -> None:
    chance = Random(f"six weeks {share}")
    for _ in range(20):
        days = [day for day in range(365) if chance.random() < share and not 150 <= day < 192]
        ((first, last),) = _outages([*days, 149, 192])
        assert (first - _FIRST).days >= 150
        assert (last - _FIRST).days <= 191
        assert (last - first).days >= 21


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(range(0, 365, 7), id="weekly"),
        pytest.param([30 * month for month in range(24)], id="monthly"),
        pytest.param([30 * month for month in range(24) if month != 12], id="monthly, one missing"),
        pytest.param([day for day in range(1100) if day % 365 > 270], id="three seasons: two silences"),
        pytest.param([day for day in range(1500) if day % 365 > 270], id="four seasons: three silences"),
    ],
)
def test_what_comes_like_a_clock(numbers: list[int], request: pytest.FixtureRequest) -> None:
    """What happens three times is a rhythm; the silence between two seasons cannot be told from an outage."""
    expected = 2 if "two silences" in request.node.callspec.id else 0
    assert len(_outages(numbers)) == expected


def test_two_missing_months_of_monthly_spend_are_an_outage() -> None:
    assert len(_outages([30 * month for month in range(24) if month not in {12, 13}])) == 1
