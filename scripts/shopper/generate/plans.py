"""Order days and amounts of each customer, which determine RFM, tiers, retention and CLV.

A block has 400 customers with an order in the RFM window, so that shares of 8 % and 25 % are whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, WINDOW_START, date_of, weekday
from shopper.generate.entities import Person

WINDOW_CUSTOMERS: Final = 400
EARLY: Final = 90
PROSPECTS: Final = 104
FREQUENT: Final = 10
RECENT: Final = 30
LAPSED: Final = 90
_BEFORE_WINDOW: Final = WINDOW_START - 1
_LAPSED_DAY: Final = AS_OF - LAPSED - 1


def plan_customers(chance: Chance, loyal_share: float, churn_share: float) -> list[Person]:
    """All buyers and prospects, by plan, with order days (and amount per order for buyers)."""
    loyal = round(WINDOW_CUSTOMERS * loyal_share)
    potential_churn = round(WINDOW_CUSTOMERS * churn_share)
    lapsing = round(WINDOW_CUSTOMERS * 0.12)
    developing = WINDOW_CUSTOMERS - loyal - potential_churn - lapsing - FREQUENT
    people = [
        *_loyal(chance, loyal),
        *_frequent(chance, FREQUENT),
        *_developing(chance, developing),
        *_potential_churn(chance, potential_churn),
        *_lapsing(chance, lapsing),
        *_early(chance, EARLY),
        *(Person(0, "prospect") for _ in range(PROSPECTS)),
    ]
    for number, person in enumerate(people):
        person.number = number
    _cover_empty_days(people)
    return people


def _cover_empty_days(people: list[Person]) -> None:
    """Move inner orders of customers from busy days to nearby days without orders."""
    counts = Counter(day for person in people for day in person.order_days)
    for empty in (day for day in range(AS_OF + 1) if not counts[day]):
        for person in people:
            moved = _movable_day(person, empty, counts)
            if moved is not None:
                counts[moved] -= 1
                counts[empty] += 1
                person.order_days[person.order_days.index(moved)] = empty
                person.order_days.sort()
                break


def _movable_day(person: Person, empty: int, counts: Counter[int]) -> int | None:
    """An inner order day that may move to the empty day: busy, within four days, same side of the window start."""
    if empty in person.order_days:
        return None
    for day in person.order_days[1:-1]:
        is_same_side = (day >= WINDOW_START) == (empty >= WINDOW_START)
        is_inner = person.first_day < empty < person.last_day
        if counts[day] > 1 and abs(day - empty) <= 4 and is_same_side and is_inner:
            return day
    return None


def orders_in_window(person: Person) -> int:
    """Number of orders in the RFM window."""
    return sum(day >= WINDOW_START for day in person.order_days)


def _loyal(chance: Chance, count: int) -> Iterable[Person]:
    money = _spread(5_450, 9_000, count)
    chance.shuffle(money)
    frequency = chance.quota(count, {6: 3, 7: 4, 8: 5, 9: 5, 10: 4, 11: 3, 12: 2})
    for place, (spend, orders) in enumerate(zip(money, frequency, strict=True)):
        first = chance.randint(4, 165) if place % 4 else chance.randint(WINDOW_START, 330)
        start = max(first, WINDOW_START + chance.randint(0, 25))
        days = steady_days(chance, start, AS_OF - chance.randint(0, 24), orders)
        if first < WINDOW_START:
            days = steady_days(chance, first, _BEFORE_WINDOW - 5, chance.randint(2, 4)) + days
        yield _buyer(chance, "loyal", days, spend / sum(day >= WINDOW_START for day in days))


def _frequent(chance: Chance, count: int) -> Iterable[Person]:
    for orders in chance.quota(count, {13: 4, 14: 4, 15: 2}):
        days = steady_days(chance, AS_OF - chance.randint(74, 87), AS_OF - chance.randint(0, 5), orders)
        yield _buyer(chance, "frequent", days, chance.uniform(110, 190))


def _developing(chance: Chance, count: int) -> Iterable[Person]:
    kinds = chance.quota(count, {"new": 27, "recent": 44, "returned": 9, "established": 130})
    for kind in kinds:
        if kind == "new":
            first, orders = chance.randint(AS_OF - RECENT + 2, AS_OF), chance.one({1: 5, 2: 1})
            days = steady_days(chance, first, min(first + chance.randint(3, 20), AS_OF), orders)
        elif kind == "recent":
            first, orders = chance.randint(AS_OF - 84, AS_OF - RECENT - 1), chance.one({1: 4, 2: 3, 3: 2})
            days = steady_days(chance, first, chance.randint(first + 3, AS_OF), orders)
        elif kind == "returned":
            first = chance.randint(20, 240)
            days = sorted({first, chance.randint(first, 330), chance.randint(AS_OF - 24, AS_OF)})
        else:
            days = _established_days(chance)
        yield _buyer(chance, "developing", days, chance.triangular(110, 1_150, 260))


def _established_days(chance: Chance) -> list[int]:
    first = chance.randint(0, 430)
    last = chance.randint(AS_OF - LAPSED + 4, AS_OF)
    if first >= WINDOW_START:
        return steady_days(chance, first, last, chance.one({2: 6, 3: 5, 4: 2}))
    before = steady_days(chance, first, _BEFORE_WINDOW - 3, chance.one({1: 3, 2: 1}))
    orders = chance.one({1: 4, 2: 6, 3: 4, 4: 1})
    start = last if orders == 1 else chance.randint(WINDOW_START, last)
    return before + steady_days(chance, start, last, orders)


def _potential_churn(chance: Chance, count: int) -> Iterable[Person]:
    for orders, had_before in zip(chance.quota(count, {1: 7, 2: 3}), chance.quota(count, {0: 3, 1: 1}), strict=True):
        last = chance.randint(WINDOW_START + 6, _LAPSED_DAY - 3)
        days = steady_days(chance, chance.randint(WINDOW_START, last), last, orders)
        if had_before:
            days = [chance.randint(0, _BEFORE_WINDOW - 2), *days]
        yield _buyer(chance, "potential_churn", days, chance.triangular(90, 430, 250))


def _lapsing(chance: Chance, count: int) -> Iterable[Person]:
    for kind in chance.quota(count, {"often": 5, "dear": 3}):
        last = chance.randint(WINDOW_START + 90, _LAPSED_DAY - 3)
        if kind == "often":
            first = chance.randint(WINDOW_START, last - 60)
            days = steady_days(chance, first, last, chance.one({3: 4, 4: 2, 5: 1}))
            yield _buyer(chance, "lapsing", days, chance.uniform(180, 560))
        else:
            days = steady_days(chance, chance.randint(WINDOW_START, last), last, chance.one({1: 1, 2: 1}))
            yield _buyer(chance, "lapsing", days, chance.uniform(1_250, 2_300) / len(days))


def _early(chance: Chance, count: int) -> Iterable[Person]:
    for orders in chance.quota(count, {1: 62, 2: 20, 3: 8}):
        first = chance.randint(0, _BEFORE_WINDOW - 8)
        days = steady_days(chance, first, chance.randint(first + 5, _BEFORE_WINDOW - 2), orders)
        yield _buyer(chance, "early", days, chance.triangular(90, 800, 240))


def _buyer(chance: Chance, plan: str, days: list[int], mean_order: float) -> Person:
    sizes = [chance.uniform(0.7, 1.3) for _ in days]
    scale = len(sizes) / sum(sizes)
    return Person(0, plan, order_days=days, targets=[round(mean_order * size * scale, 2) for size in sizes])


def steady_days(chance: Chance, first: int, last: int, count: int) -> list[int]:
    """Up to `count` distinct days from `first` to `last`, about evenly spaced, including both (only `first` if count is
    1).
    """
    if count == 1 or last <= first:
        return [first]
    gap = (last - first) / (count - 1)
    inner = [first + gap * place + chance.uniform(-0.3, 0.3) * gap for place in range(1, count - 1)]
    wished = [first, *(_busy_day(chance, round(day), first + 1, last - 1) for day in inner), last]
    return sorted(set(wished))


def _busy_day(chance: Chance, day: int, low: int, high: int) -> int:
    """A day near the given one, preferably at a weekend or in a shopping festival."""
    days = [near for near in range(day - 2, day + 3) if low <= near <= high] or [min(max(day, low), high)]
    return chance.choices(days, [_busyness(near) for near in days])[0]


def _busyness(day: int) -> float:
    when = date_of(day)
    festival = (when.month, when.day) in {(6, 18), (11, 11), (12, 12), (6, 17), (11, 10)}
    return (1.25 if weekday(day) >= 5 else 1.0) * (2.5 if festival else 1.0)


def _spread(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * place / (count - 1) for place in range(count)]
