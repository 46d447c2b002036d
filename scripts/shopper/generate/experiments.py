"""Experiments with planted results: units are assigned to variants by their outcome, so that rates are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shopper.generate.chance import Chance, apportioned
from shopper.generate.clock import day_of, local_day, moment
from shopper.generate.entities import Person
from shopper.generate.marketing import HOLDOUT_CAMPAIGN


@dataclass(frozen=True, slots=True)
class Experiment:
    experiment_id: str
    unit: str
    variants: tuple[tuple[str, float, float], ...]
    """(variant, planned share, assigned share); the first is the control"""
    first_day: int
    end_day: int
    difference: float
    """conversion rate of the other variant less that of the control"""
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    experiment: Experiment
    person: Person
    variant: str
    at: int


def experiments(effect: float, lift: float) -> tuple[Experiment, ...]:
    """The experiments: a true effect, an A/A test, a broken split, a campaign's holdout, and a running one with three
    variants.
    """
    even = (("control", 0.5, 0.5), ("treatment", 0.5, 0.5))
    split = (("control", 0.5, 0.64), ("treatment", 0.5, 0.36))
    holdout = (("holdout", 0.2, 0.2), ("mailed", 0.8, 0.8))
    three = (("control", 0.34, 0.34), ("popular", 0.33, 0.33), ("personal", 0.33, 0.33))
    return (
        _experiment("exp-one-page-checkout", "customer", even, "2025-01-06", "2025-03-03", effect),
        _experiment("exp-aa-2024", "visitor", even, "2024-10-08", "2024-12-03"),
        _experiment("exp-banner-split", "visitor", split, "2025-03-03", "2025-05-05"),
        _experiment("exp-spring-holdout", "customer", holdout, "2025-04-08", "2025-05-20", lift, HOLDOUT_CAMPAIGN),
        _experiment("exp-ranking-2025", "customer", three, "2025-06-09", "2025-08-01"),
    )


def _experiment(
    experiment_id: str,
    unit: str,
    variants: tuple[tuple[str, float, float], ...],
    first: str,
    end: str,
    difference: float = 0.0,
    campaign_id: str | None = None,
) -> Experiment:
    days = (day_of(date.fromisoformat(first)), day_of(date.fromisoformat(end)))
    return Experiment(experiment_id, unit, variants, *days, difference, campaign_id)


_MOST_UNITS: Final = {"exp-ranking-2025": 180}


def assign(chance: Chance, experiment: Experiment, people: Sequence[Person]) -> list[Assignment]:
    """Assign eligible units to variants; converted and other units separately, each in its own proportion."""
    start, end = moment(experiment.first_day), moment(experiment.end_day)
    units: list[tuple[Person, int]] = []
    for person in people:
        at = _exposure(chance, experiment, person, start, end)
        if at is not None and not _is_ambiguous(experiment, person, at, end):
            units.append((person, at))
    units = chance.some(units, _MOST_UNITS.get(experiment.experiment_id, len(units)))
    units.sort(key=lambda unit: unit[0].number)
    converted = [unit for unit in units if converts(unit[0], unit[1], end)]
    rest = [unit for unit in units if not converts(unit[0], unit[1], end)]
    sizes = apportioned(len(units), {name: assigned for name, _, assigned in experiment.variants})
    wins = _wins(experiment, sizes, len(converted))
    assignments = []
    chance.shuffle(converted)
    chance.shuffle(rest)
    for name, size in sizes.items():
        assigned = converted[: wins[name]] + rest[: size - wins[name]]
        converted, rest = converted[wins[name] :], rest[size - wins[name] :]
        assignments += [Assignment(experiment, person, name, at) for person, at in assigned]
    return sorted(assignments, key=lambda one: (one.at, one.person.number))


def converts(person: Person, at: int, end: int) -> bool:
    """Whether there is a valid order after the assignment and before the end."""
    return any(order.is_valid and at < order.placed_at < end for order in person.orders)


def _wins(experiment: Experiment, sizes: dict[str, int], converted: int) -> dict[str, int]:
    """Number of converted units by variant, so that the rate of every other variant exceeds the control's by the
    planted difference.
    """
    control = experiment.variants[0][0]
    total = sum(sizes.values())
    base = (converted - experiment.difference * (total - sizes[control])) / total
    exact = {name: size * (base + (experiment.difference if name != control else 0.0)) for name, size in sizes.items()}
    return apportioned(converted, exact)


def _exposure(chance: Chance, experiment: Experiment, person: Person, start: int, end: int) -> int | None:
    """Time of the assignment: customers on the first morning, visitors in their first session of the period (None
    without).
    """
    if experiment.unit == "customer":
        is_eligible = person.has_account and person.registered_at < start and person.plan != "prospect"
        return start + chance.randint(0, 8 * 3600) if is_eligible else None
    starts = [session.start for session in person.sessions if start <= session.start < end]
    return min(starts) if starts else None


def _is_ambiguous(experiment: Experiment, person: Person, at: int, end: int) -> bool:
    """Whether a visitor's customer also ordered without a session: conversion then depends on the unit of counting."""
    if experiment.unit == "customer":
        return any(local_day(order.placed_at) == local_day(at) for order in person.orders)
    return any(order.session is None and at < order.placed_at < end for order in person.orders)
