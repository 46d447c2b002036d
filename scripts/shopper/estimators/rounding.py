"""Rounding of doubles for the warehouse."""

from __future__ import annotations


def ten_digits(value: float) -> float:
    """Round to ten significant digits, so that the value does not depend on the order of sums; nan stays nan."""
    return float(f"{value:.9e}")
