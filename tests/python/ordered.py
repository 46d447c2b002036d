"""The funnel's question, answered by trying everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache


def in_order(choices: Sequence[Sequence[datetime]]) -> bool:
    """Some choice of one moment from each list is in order (equal ones are): every choice is tried."""

    @cache
    def possible(place: int, after: datetime) -> bool:
        return place == len(choices) or any(possible(place + 1, one) for one in choices[place] if one >= after)

    return possible(0, datetime.min)
