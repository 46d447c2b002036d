"""Brute force for funnels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache


def in_order(choices: Sequence[Sequence[datetime]]) -> bool:
    """Whether one timestamp can be chosen from each list in non-descending order. Tries every choice."""

    @cache
    def possible(place: int, after: datetime) -> bool:
        return place == len(choices) or any(possible(place + 1, one) for one in choices[place] if one >= after)

    return possible(0, datetime.min)
