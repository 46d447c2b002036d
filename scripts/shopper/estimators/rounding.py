"""Doubles as the warehouse keeps them."""

from __future__ import annotations


def ten_digits(value: float) -> float:
    """The value to ten significant digits, so that it does not depend on the order of sums; nan stays nan."""
    return float(f"{value:.9e}")
