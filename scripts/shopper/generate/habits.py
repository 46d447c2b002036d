"""Acquisition channels and personas of customers, assigned by quota, given the planned orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, MONTH_DAYS
from shopper.generate.entities import Person
from shopper.generate.plans import FREQUENT

_MATURE_DAYS: Final = 90
_RETENTION_DAYS: Final = 180
_APP_MATURE: Final = 80
_MINI_MATURE: Final = 50
_MARKETPLACE_MATURE: Final = 44
"""Customers acquired on a marketplace whose first order is at least 180 days before the as-of date."""
_OFFLINE: Final = ("store", "phone")
_RECENT_QUOTA: Final = {"app": 12, "mini_program": 10, "marketplace": 14}
_OTHER_CHANNELS: Final = {
    "paid_search": 52, "paid_social": 48, "organic_search": 40, "organic_social": 26, "direct": 30, "email": 8,
    "affiliates": 14, "display": 12, "referral": 10, "store": 22, "phone": 8,
}  # fmt: skip


def assign_channels(
    chance: Chance, people: Sequence[Person], app_rate: float, mini_ratio: float, months: float
) -> None:
    """Assign acquisition channels by quota, given the planned repurchases within 90 days and months of retention."""
    buyers = [person for person in people if person.is_buyer]
    mature = [person for person in buyers if person.first_day <= AS_OF - _MATURE_DAYS]
    accounts = [person for person in buyers if person.has_account]
    taken: set[int] = set()

    def take(channel: str, pool: Sequence[Person], count: int) -> list[Person]:
        chosen = chance.some([person for person in pool if person.number not in taken], count)
        for person in chosen:
            person.channel = channel
            taken.add(person.number)
        return chosen

    for channel, count, rate in (
        ("app", _APP_MATURE, app_rate),
        ("mini_program", _MINI_MATURE, app_rate * mini_ratio),
    ):
        back = round(count * rate)
        take(channel, [person for person in mature if repurchased(person)], back)
        take(channel, [person for person in mature if not repurchased(person)], count - back)
    old = [one for one in accounts if one.first_day <= AS_OF - _RETENTION_DAYS and one.plan != "loyal"]
    chosen = take("marketplace", old, _MARKETPLACE_MATURE)
    _swap_to_mean(chance, chosen, [one for one in old if one.number not in taken], retained_months, months, taken)
    recent = [one for one in accounts if one.first_day > AS_OF - _MATURE_DAYS]
    take("app", [person for person in recent if person.plan == "frequent"], 6)
    for channel, count in _RECENT_QUOTA.items():
        take(channel, recent, count)
    left = [person for person in buyers if person.number not in taken]
    for person, channel in zip(left, chance.quota(len(left), _OTHER_CHANNELS), strict=True):
        # A guest is only known by visitor id, so the order must have a session.
        person.channel = "direct" if channel in _OFFLINE and not person.has_account else channel
    for person in people:
        if not person.is_buyer:
            person.channel = chance.one(
                {"app": 3, "mini_program": 2, "paid_social": 2, "organic_search": 2, "direct": 1}
            )


def repurchased(person: Person) -> bool:
    """Whether the customer orders again on days 1 to 90 after the first order."""
    return any(0 < day - person.first_day <= _MATURE_DAYS for day in person.order_days)


def retained_months(person: Person) -> float:
    """Months from the first to the last order."""
    return (person.last_day - person.first_day) / MONTH_DAYS


def _swap_to_mean(
    chance: Chance,
    chosen: list[Person],
    others: list[Person],
    value: Callable[[Person], float],
    target: float,
    taken: set[int],
) -> None:
    """Exchange people of one channel with others until the mean value reaches the target."""
    total = sum(value(person) for person in chosen)
    for _ in range(4_000):
        inside, outside = chance.randrange(len(chosen)), chance.randrange(len(others))
        change = value(others[outside]) - value(chosen[inside])
        if abs(total + change - target * len(chosen)) >= abs(total - target * len(chosen)):
            continue
        total += change
        others[outside].channel = chosen[inside].channel
        taken.symmetric_difference_update({others[outside].number, chosen[inside].number})
        chosen[inside], others[outside] = others[outside], chosen[inside]


def assign_personas(chance: Chance, people: Sequence[Person], simplifier_share: float) -> None:
    """Assign personas. Simplifiers place the planted share of all orders."""
    buyers = [person for person in people if person.is_buyer]
    for person in people:
        person.persona = "simplifier"

    def become(persona: str, pool: list[Person], count: int) -> None:
        for person in chance.some([one for one in pool if one.persona == "simplifier"], count):
            person.persona = persona

    become(
        "connector",
        [one for one in buyers if one.first_day > AS_OF - 60 and len(one.order_days) == 1 and one.has_account],
        18,
    )
    become(
        "surfer",
        [one for one in buyers if len(one.order_days) == 1 and one.plan != "developing" and one.has_account],
        30,
    )
    become("surfer", [one for one in people if one.plan == "prospect"], 18)
    become("routiner", [one for one in buyers if one.plan == "frequent"], FREQUENT)
    become("routiner", [one for one in buyers if one.plan == "loyal"], 14)
    become("routiner", [one for one in buyers if one.plan == "developing" and len(one.order_days) >= 4], 14)
    become("sportster", [one for one in buyers if len(one.order_days) in (1, 2, 3)], 30)
    become("sportster", [one for one in people if one.plan == "prospect"], 14)
    total = sum(len(person.order_days) for person in buyers)
    simple = sum(len(person.order_days) for person in buyers if person.persona == "simplifier")
    pool = [one for one in buyers if one.persona == "simplifier" and len(one.order_days) in (2, 3, 4)]
    chance.shuffle(pool)
    for person in pool:
        if simple <= simplifier_share * total:
            break
        person.persona = "bargainer"
        simple -= len(person.order_days)
    for person in people:
        if person.persona == "connector":
            person.channel = "organic_social" if person.channel not in ("app", "mini_program") else person.channel
