"""Money: rounding to cents, exchange rates by day, and splitting amounts into cents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from shopper.crosscheck.oracle.settings import Row

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
_WIDE: Final = Context(prec=60)


def cents(amount: Decimal) -> Decimal:
    """Round to two places, half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP, _WIDE)


def product(*factors: Decimal) -> Decimal:
    """The exact product, rounded once to cents."""
    result = Decimal(1)
    for factor in factors:
        result = _WIDE.multiply(result, factor)
    return cents(result)


class Rates:
    """Exchange rates by day: the latest rate on or before that day. The reporting currency has rate 1."""

    def __init__(self, rows: Iterable[Row], reporting_currency: str) -> None:
        self._reporting = reporting_currency
        self._days: dict[str, list[date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        for row in sorted(rows, key=lambda row: row["rate_date"]):
            self._days.setdefault(row["currency"], []).append(row["rate_date"])
            self._rates.setdefault(row["currency"], []).append(row["rate"])

    def on(self, currency: str, day: date) -> Decimal | None:
        """Units of the reporting currency for one unit of `currency`; None before its first rate."""
        if currency == self._reporting:
            return Decimal(1)
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None


def spread(amount: Decimal, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split an amount into whole cents in proportion to the positive values, by largest remainder, ties by smallest id.

    Other values get 0. The result is empty if no value is positive.
    """
    positive = {key: int(value / CENT) for key, value in values.items() if value > 0}
    total, whole = sum(positive.values()), int(amount / CENT)
    if not total:
        return {}
    exact = {key: Fraction(whole * value, total) for key, value in positive.items()}
    floors = {key: share.numerator // share.denominator for key, share in exact.items()}
    left = whole - sum(floors.values())
    by_remainder = sorted(exact, key=lambda key: (floors[key] - exact[key], key))
    for key in by_remainder[:left]:
        floors[key] += 1
    return {key: floors[key] * CENT for key in positive}


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum in cents; 0 for no amounts."""
    return sum(amounts, ZERO)


def mean(amounts: Sequence[Decimal]) -> Fraction:
    """The exact mean."""
    return Fraction(sum(amounts, ZERO)) / len(amounts)


def half_up(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient in cents, half away from zero; 0 where the divisor is 0."""
    if not divisor:
        return ZERO
    hundredths = Fraction(dividend) / Fraction(divisor) * 100
    return (int(hundredths * 2) + 1) // 2 * CENT
