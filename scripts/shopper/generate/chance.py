"""Seeded random numbers, and quotas that make planted shares exact.

Uses only `random.Random` with named streams: no clock, no hash order. Functions of the C library (exp, log, cos) are
avoided, so that the output does not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Chance(Random):
    """A named stream of random numbers. Additional draws in one stream do not change the others."""

    def __init__(self, seed: int, stream: str) -> None:
        super().__init__(f"{seed}/{stream}")

    def yes(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random() < probability

    def one(self, weights: Mapping[Item, float]) -> Item:
        """One key, drawn in proportion to its weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def quota(self, count: int, weights: Mapping[Item, float]) -> list[Item]:
        """`count` keys in exactly the proportion of their weights (largest remainder), in random order."""
        keys = [key for key, number in apportioned(count, weights).items() for _ in range(number)]
        self.shuffle(keys)
        return keys

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` of the items, without repetition; all of them if there are fewer."""
        return self.sample(list(items), min(count, len(items)))

    def weighted(self, items: Sequence[Item], weights: Sequence[float], count: int) -> list[Item]:
        """`count` items without repetition, preferring those with higher weights."""
        keyed = [(self.random() / weight, number) for number, weight in enumerate(weights)]
        return [items[number] for _, number in sorted(keyed)[:count]]


def apportioned(count: int, weights: Mapping[Item, float]) -> dict[Item, int]:
    """Whole numbers that add up to `count`, in proportion to the weights, by largest remainder."""
    total = sum(weights.values())
    exact = {key: count * weight / total for key, weight in weights.items()}
    whole = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: whole[key] - exact[key])
    for key in by_remainder[: count - sum(whole.values())]:
        whole[key] += 1
    return whole
