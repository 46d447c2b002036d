"""Visits that make behaviour predict churn: at every month end, churn with a signal is higher by the planted ratio.

Definitions as in the mart. Customers at a cut-off: with an order in the 180 days before. Churned: no order in the 90
days after. Signals: no visit for 7 days (but one in the 28 days before); browsing time of the last 30 days at most half
of the 30 days before; an unpaid cart 7 to 37 days old.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, MONTHS, month_days
from shopper.generate.entities import Person
from shopper.generate.visits import Visits, home_channel

ACTIVE_DAYS: Final = 180
CHURN_DAYS: Final = 90
_SIGNALLED: Final = 0.5


def cutoffs() -> list[int]:
    """Month ends at least 90 days before the as-of date."""
    ends = [month_days(month)[-1] for month in MONTHS]
    return [day for day in ends if day + CHURN_DAYS <= AS_OF]


def plant_lift(visits: Visits, buyers: Sequence[Person], lift: float) -> None:
    """Add visits, cut-off by cut-off, until the churn rates with and without a signal have the planted ratio."""
    for cutoff in cutoffs():
        active = [person for person in buyers if any(cutoff - ACTIVE_DAYS < day <= cutoff for day in person.order_days)]
        if len(active) >= 12:
            _steer(visits, active, cutoff, lift)


def churns(person: Person, cutoff: int) -> bool:
    return not any(cutoff < day <= cutoff + CHURN_DAYS for day in person.order_days)


def state(person: Person, cutoff: int) -> str:
    """`signal`, `no signal`, or `unseen` if neither visits nor browsing time are observable."""
    visited = [session for session in person.sessions if session.day <= cutoff]
    recent = any(cutoff - 7 < session.day for session in visited)
    before = any(cutoff - 35 < session.day <= cutoff - 7 for session in visited)
    base, last = base_and_last(person, cutoff)
    if (before and not recent) or (base > 0 and last <= 0.5 * base) or _has_open_cart(person, cutoff):
        return "signal"
    return "no signal" if before or base > 0 else "unseen"


def base_and_last(person: Person, cutoff: int) -> tuple[float, float]:
    """Browsing time in seconds, 31 to 60 days before the cut-off and in the last 30 days."""
    base = sum(session.seconds for session in person.sessions if cutoff - 60 < session.day <= cutoff - 30)
    last = sum(session.seconds for session in person.sessions if cutoff - 30 < session.day <= cutoff)
    return base, last


def _has_open_cart(person: Person, cutoff: int) -> bool:
    return any(
        session.depth in (2, 3, 4)
        and cutoff - 37 <= session.day <= cutoff - 7
        and not any(session.day < day <= cutoff for day in person.order_days)
        for session in person.sessions
    )


def _steer(visits: Visits, active: Sequence[Person], cutoff: int, lift: float) -> None:
    chance = visits.chance
    rate = sum(churns(person, cutoff) for person in active) / len(active)
    low = rate / (_SIGNALLED * lift + 1 - _SIGNALLED)
    signalled = round(len(active) * _SIGNALLED)
    wanted = {True: round(min(0.97, low * lift) * signalled)}
    wanted[False] = signalled - wanted[True]
    for leaves in (True, False):
        group = [person for person in active if churns(person, cutoff) == leaves]
        chance.shuffle(group)
        with_signal = [person for person in group if state(person, cutoff) == "signal"]
        if len(with_signal) > wanted[leaves]:
            with_signal.sort(key=lambda person: base_and_last(person, cutoff)[0])
            excess = len(with_signal) - wanted[leaves]
            for person in with_signal:
                excess -= excess > 0 and _remove_signal(visits, chance, person, cutoff)
        else:
            missing = wanted[leaves] - len(with_signal)
            for person in sorted(group, key=lambda person: state(person, cutoff) != "unseen"):
                if missing > 0 and state(person, cutoff) != "signal":
                    missing -= _add_signal(visits, person, cutoff)
    _equalise_unseen(visits, chance, active, cutoff, low)


def _remove_signal(visits: Visits, chance: Chance, person: Person, cutoff: int) -> bool:
    """Add a long visit in the last week, so that no signal is left. False if there is no free day."""
    if _has_open_cart(person, cutoff):
        return False
    base, last = base_and_last(person, cutoff)
    return _visit(visits, person, cutoff - 5, cutoff - 1, max(0.0, 0.62 * base - last) * chance.uniform(1.0, 1.2))


def _add_signal(visits: Visits, person: Person, cutoff: int) -> bool:
    """Add a short visit, followed by none. False if there is no free day."""
    if any(cutoff - 7 < session.day <= cutoff for session in person.sessions):
        return False
    return _visit(visits, person, cutoff - 28, cutoff - 9) and state(person, cutoff) == "signal"


def _equalise_unseen(visits: Visits, chance: Chance, active: Sequence[Person], cutoff: int, rate: float) -> None:
    """Make observable customers without a signal churn at the same rate as unobservable ones."""
    seen = [person for person in active if state(person, cutoff) == "no signal"]
    churned = sum(churns(person, cutoff) for person in seen)
    unseen = [person for person in active if state(person, cutoff) == "unseen" and churns(person, cutoff)]
    chance.shuffle(unseen)
    for person in unseen:
        if churned >= rate * len(seen):
            return
        if _visit(visits, person, cutoff - 28, cutoff - 12) and _visit(visits, person, cutoff - 5, cutoff - 1):
            seen.append(person)
            churned += 1


def _visit(visits: Visits, person: Person, low: int, high: int, seconds: float | None = None) -> bool:
    """Add a short visit, or a visit to products of at least `seconds`. False if there is no free day."""
    day = visits.browse_day(person, max(low, person.first_day + 1), high)
    if day is None:
        return False
    depth = 1 if seconds is not None or visits.chance.yes(0.25) else 0
    session = visits.add(person, day, depth, home_channel(visits.chance, person, day))
    if seconds is not None and seconds > session.seconds:
        session.seconds = seconds
        session.pages = min(14, max(session.pages, round(seconds / 30)))
    return True
