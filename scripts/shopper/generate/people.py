"""Profiles of customers, assigned after the planned orders, so that quotas on behaviour are met exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from shopper.generate.chance import Chance, apportioned
from shopper.generate.cities import CITIES
from shopper.generate.clock import AS_OF, AS_OF_DATE, MONTH_DAYS, moment
from shopper.generate.entities import Person
from shopper.generate.plans import orders_in_window

AGES: Final = {
    "under 18": (16, 17), "18-24": (18, 24), "25-30": (25, 30), "31-35": (31, 35), "36-44": (36, 44), "45+": (45, 66),
}  # fmt: skip
GUESTS: Final = 8
_UNKNOWN_BIRTH: Final = 22
_TIER_SHARES: Final = {"tier_1": 0.28, "new_tier_1": 0.28, "tier_2": 0.2, "lower": 0.24}
_REFERRED: Final = 46


def assign_profiles(
    chance: Chance, people: list[Person], young_share: float, older_share: float, older_ratio: float, tier_ratio: float
) -> None:
    """Assign account, gender, age, city and registration.

    older_ratio: net revenue per order of ages from 45, relative to 25 to 35. tier_ratio: of first-tier cities, relative
    to new first-tier ones. Both are planned values; the baskets only approximate them.
    """
    for guest in chance.some(
        [one for one in people if one.plan in ("developing", "early") and len(one.order_days) == 1], GUESTS
    ):
        guest.has_account = False
    accounts = [person for person in people if person.has_account]
    _assign_gender(chance, accounts)
    _assign_age(chance, accounts, young_share, older_share)
    older, young = _age_groups(accounts)
    _exchange_to_ratio(chance, older, young, older_ratio, _exchange_age)
    _assign_city(chance, people)
    first_tier, new_first_tier = _in_tier(people, "tier_1"), _in_tier(people, "new_tier_1")
    _exchange_to_ratio(chance, first_tier, new_first_tier, tier_ratio, _exchange_city)
    for person in people:
        _register(chance, person)


def is_low_frequency(person: Person) -> bool:
    """Whether the customer has at most one order per quarter in the window (the mart's rule)."""
    if not person.is_buyer or not orders_in_window(person):
        return False
    months = min(12.0, max(3.0, (AS_OF - person.first_day) / MONTH_DAYS))
    return orders_in_window(person) / months * 3 <= 1


def mean_order(person: Person) -> float:
    """Planned amount per order; 250 for prospects."""
    return sum(person.targets) / len(person.targets) if person.targets else 250.0


def _assign_gender(chance: Chance, people: list[Person]) -> None:
    frequent = [person for person in people if person.plan == "frequent"]
    for person in frequent:
        person.gender = "female"
    frequent[0].gender = "male"
    others = [person for person in people if person.plan != "frequent"]
    genders = chance.quota(len(others), {"female": 0.56, "male": 0.42, "other": 0.01, None: 0.01})
    for person, gender in zip(others, genders, strict=True):
        person.gender = gender


def _assign_age(chance: Chance, people: list[Person], young_share: float, older_share: float) -> None:
    unknown = chance.some(
        [person for person in people if person.plan in ("prospect", "early", "developing")], _UNKNOWN_BIRTH
    )
    known = [person for person in people if person not in unknown]
    rest = 1 - young_share - older_share
    shares = {
        "25-30": young_share * 0.55, "31-35": young_share * 0.45, "45+": older_share,
        "18-24": rest * 0.4, "36-44": rest * 0.56, "under 18": rest * 0.04,
    }  # fmt: skip
    numbers = apportioned(len(known), shares)
    frequent = [person for person in known if person.plan == "frequent"]
    for person in frequent:
        person.age_band = "25-30"
    frequent[0].age_band = "31-35"
    numbers["25-30"] -= len(frequent) - 1
    numbers["31-35"] -= 1
    left = [person for person in known if person.plan != "frequent"]
    for band in ("45+", "36-44"):
        # Men above 35 buy rarely; customers from 45 spend more per order.
        able = [
            one for one in left if one.gender != "male" or is_low_frequency(one) or one.plan in ("prospect", "early")
        ]
        weights = [mean_order(one) if band == "45+" and one.plan != "loyal" else 300.0 for one in able]
        chosen = chance.weighted(able, weights, numbers.pop(band))
        for person in chosen:
            person.age_band = band
        left = [person for person in left if person not in chosen]
    bands = chance.quota(len(left), numbers)
    for person, band in zip(left, bands, strict=True):
        person.age_band = band
    for person in known:
        low, high = AGES[person.age_band or ""]
        person.age = chance.randint(low, high)


def birth_date(chance: Chance, age: int) -> date:
    """A birth date with that age on the as-of date."""
    return date(AS_OF_DATE.year - age - 1, 7, 1).fromordinal(
        date(AS_OF_DATE.year - age - 1, 7, 1).toordinal() + chance.randint(2, 362)
    )


def _assign_city(chance: Chance, people: list[Person]) -> None:
    numbers = apportioned(len(people), _TIER_SHARES)
    weights = [mean_order(person) ** 0.5 for person in people]
    first_tier = chance.weighted(people, weights, numbers["tier_1"])
    left = [person for person in people if person not in first_tier]
    new_first = chance.weighted(left, [1 / mean_order(person) ** 0.25 for person in left], numbers["new_tier_1"])
    left = [person for person in left if person not in new_first]
    tiers = chance.quota(len(left), {"tier_2": numbers["tier_2"], "lower": numbers["lower"]})
    for person in first_tier:
        person.city_tier = "tier_1"
    for person in new_first:
        person.city_tier = "new_tier_1"
    for person, tier in zip(left, tiers, strict=True):
        person.city_tier = tier
    for person in people:
        person.city = chance.choice(list(CITIES[person.city_tier]))
        person.region = CITIES[person.city_tier][person.city]


def _age_groups(people: Sequence[Person]) -> tuple[list[Person], list[Person]]:
    """Buyers from 45, and from 25 to 35, whose ages may be exchanged. Frequent male buyers are never old."""
    able = [
        one
        for one in people
        if one.is_buyer and one.plan != "frequent" and (one.gender != "male" or is_low_frequency(one))
    ]
    return [one for one in able if one.age_band == "45+"], [one for one in able if one.age_band in ("25-30", "31-35")]


def _in_tier(people: Sequence[Person], tier: str) -> list[Person]:
    return [person for person in people if person.is_buyer and person.city_tier == tier]


def _exchange_age(one: Person, other: Person) -> None:
    one.age, other.age = other.age, one.age
    one.age_band, other.age_band = other.age_band, one.age_band


def _exchange_city(one: Person, other: Person) -> None:
    one.city, other.city = other.city, one.city
    one.region, other.region = other.region, one.region
    one.city_tier, other.city_tier = other.city_tier, one.city_tier


def _exchange_to_ratio(
    chance: Chance, dear: list[Person], cheap: list[Person], ratio: float, exchange: Callable[[Person, Person], None]
) -> None:
    """Exchange attributes between two groups until the planned amounts per order have the ratio."""

    def distance() -> float:
        mean = [sum(sum(p.targets) for p in group) / sum(len(p.targets) for p in group) for group in (dear, cheap)]
        return abs(mean[0] / mean[1] - ratio)

    near = distance()
    for _ in range(400):
        if near < 0.01:
            return
        first, second = chance.randrange(len(dear)), chance.randrange(len(cheap))
        dear[first], cheap[second] = cheap[second], dear[first]
        if distance() < near:
            near = distance()
            exchange(dear[first], cheap[second])
        else:
            dear[first], cheap[second] = cheap[second], dear[first]


def _register(chance: Chance, person: Person) -> None:
    if person.is_buyer:
        day = person.first_day - chance.choice([0, 0, 0, 1, 3, 9, 40])
    else:
        day = chance.randint(10, AS_OF - 12)
    # Before the first order of that day, since orders start at 9:30.
    person.registered_at = moment(day, chance.randint(7 * 3600, 9 * 3600))


def refer(chance: Chance, people: Sequence[Person]) -> None:
    """Set the referrer of some customers."""
    accounts = [person for person in people if person.has_account]
    for person in chance.some(accounts, _REFERRED):
        earlier = [one for one in accounts if one.registered_at < person.registered_at and one.is_buyer]
        if earlier:
            person.referrer = chance.choice(earlier)
