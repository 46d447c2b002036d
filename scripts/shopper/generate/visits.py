"""Sessions, still without events: person, day, channel and depth.

`depth` is the last required step of the purchase funnel that a session reaches: 0 none, 1 product, 2 cart,
3 checkout, 4 order, 5 payment. The counts per depth are quotas derived from the number of paid sessions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shopper.generate.baskets import Shelf, category_weights
from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF
from shopper.generate.entities import Line, Order, Person, Session

STEP_RATES: Final = {"product": 0.75, "checkout": 0.74, "order": 0.86, "payment": 0.93}
"""Rates of steps, each relative to the step before. The rate from product to cart is a planted truth."""

NEW_VISITOR_DAYS: Final = 30
_ANONYMOUS: Final = 440
_UNTRACKED: Final = {"store": 1.0, "phone": 1.0, "marketplace": 0.6, "app": 0.5, "mini_program": 0.5}
_MARKETPLACE_TRACKED: Final = 26
_WEB_HABITS: Final = {
    "own": 0.3, "direct": 0.16, "email": 0.1, "organic_search": 0.06, "app": 0.14, "mini_program": 0.08,
    "store": 0.08, "phone": 0.03, "marketplace": 0.05,
}  # fmt: skip
_OFFLINE: Final = ("store", "phone")
_PLATFORMS: Final = {"app": "app", "mini_program": "mini_program", "marketplace": "marketplace"}
_ANONYMOUS_CHANNELS: Final = {
    "paid_search": 18, "paid_social": 20, "organic_search": 17, "organic_social": 9, "direct": 12, "affiliates": 4,
    "display": 5, "referral": 3, "app": 8, "mini_program": 9, "email": 1,
}  # fmt: skip


@dataclass(slots=True)
class Visits:
    """The sessions of a block while it is built."""

    chance: Chance
    shelf: Shelf
    sessions: list[Session] = field(default_factory=list)
    unpaid: list[Order] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)

    def add(self, person: Person, day: int, depth: int, channel: str, order: Order | None = None) -> Session:
        """Add a session. A person has at most one per day."""
        session = Session(person, day, depth, channel, order)
        session.platform = _PLATFORMS.get(channel, "web")
        session.is_known = person.has_account and person.plan != "anonymous" and (depth > 3 or self.chance.yes(0.85))
        person.sessions.append(session)
        self.sessions.append(session)
        self.taken.add((person.number, day))
        extent(self.chance, session)
        return session

    def is_free(self, person: Person, day: int) -> bool:
        """Whether the person may have a session that day: at most one per day, and none beside that of an order."""
        return 0 <= day <= AS_OF and (person.number, day) not in self.taken and day not in person.order_days

    def free_day(self, person: Person, low: int, high: int) -> int | None:
        """A day in the range without a session or order of the person; None if there is none."""
        days = [day for day in range(max(low, 0), min(high, AS_OF) + 1) if self.is_free(person, day)]
        return self.chance.choice(days) if days else None

    def browse_day(self, person: Person, low: int, high: int) -> int | None:
        """A free day on which a visit does not make the customer a new visitor of a marketplace; None if none."""
        if person.channel == "marketplace":
            low = max(low, person.first_day + NEW_VISITOR_DAYS + 1)
        return self.free_day(person, low, high)

    def count(self, depth: int) -> int:
        return sum(session.depth == depth for session in self.sessions)


def extent(chance: Chance, session: Session) -> None:
    """Set the number of page views, and the seconds between the first and the last event."""
    depth, persona = session.depth, session.person.persona
    if persona == "simplifier" and session.person.is_buyer:
        session.pages = {0: 2, 1: chance.randint(2, 3), 2: 3, 3: 4, 4: 4, 5: chance.randint(3, 4)}[depth]
        pace = chance.uniform(8, 15)
    elif persona == "surfer":
        session.pages = chance.randint(11, 15)
        pace = chance.uniform(22, 34)
    else:
        low, high = {0: (1, 3), 1: (2, 6), 2: (4, 7), 3: (5, 7), 4: (5, 8), 5: (5, 8)}[depth]
        session.pages = 1 if depth == 0 and chance.yes(0.6) else chance.randint(low, high)
        pace = chance.uniform(17, 36)
    session.seconds = 0.0 if session.pages == 1 else session.pages * pace


def step_counts(paid: int, cart_loss: float) -> dict[int, int]:
    """Number of sessions by depth, given the number of paid ones."""
    orders = round(paid / STEP_RATES["payment"])
    checkouts = round(orders / STEP_RATES["order"])
    carts = round(checkouts / STEP_RATES["checkout"])
    products = round(carts / (1 - cart_loss))
    visits = round(products / STEP_RATES["product"])
    reached = [visits, products, carts, checkouts, orders, paid, 0]
    return {depth: reached[depth] - reached[depth + 1] for depth in range(6)}


def home_channel(chance: Chance, person: Person, day: int, buys: bool = False) -> str:
    """The channel of a visit: the acquisition channel up to the first order, then habits (offline: purchases only)."""
    if person.channel in _OFFLINE:
        return "direct"
    if not person.is_buyer:
        return person.channel
    if person.channel == "marketplace":
        tracked_first = person.orders and person.orders[0].session is not None
        return "marketplace" if tracked_first and chance.yes(0.5) else "direct"
    if day <= person.first_day:
        return person.channel
    if person.channel in _PLATFORMS:
        return person.channel if chance.yes(0.85) else "direct"
    habit = chance.one(_WEB_HABITS)
    if habit == "own":
        return person.channel
    return habit if buys or habit not in (*_OFFLINE, "marketplace") else "app"


def order_sessions(visits: Visits, orders: Sequence[Order]) -> None:
    """Set the sales channel of each order, and its session if the tracker recorded one."""
    chance = visits.chance
    new_marketplace = 0
    for order in orders:
        person = order.person
        is_kept = person.persona in ("surfer", "connector", "bargainer") or not person.has_account
        if order.is_first and person.channel in _OFFLINE:
            order.sales_channel = person.channel
            continue
        if person.channel in _OFFLINE and chance.yes(0.6):
            order.sales_channel = person.channel
            continue
        channel = person.channel if order.is_first else home_channel(chance, person, order.day, buys=True)
        if order.is_first and channel == "marketplace":
            is_tracked = new_marketplace < _MARKETPLACE_TRACKED and chance.yes(0.7)
            new_marketplace += is_tracked
        else:
            is_tracked = is_kept or not chance.yes(_UNTRACKED.get(channel, 0.0))
        order.sales_channel = channel if channel in _PLATFORMS or channel in _OFFLINE else "web"
        if channel in _OFFLINE or (channel == "marketplace" and person.channel != "marketplace"):
            is_tracked = False
        if is_tracked:
            order.session = visits.add(person, order.day, 5, channel, order)


def unpaid_sessions(visits: Visits, people: Sequence[Person], count: int, orders: Sequence[Order]) -> None:
    """Add orders that were never paid, first on days without orders. A third is ordered again within days."""
    chance = visits.chance
    counts = Counter(order.day for order in orders)
    empty = [day for day in range(AS_OF + 1) if not counts[day]]
    able = [person for person in people if person.has_account and person.channel not in ("marketplace", *_OFFLINE)]
    while visits.count(4) < count:
        day: int | None
        if empty:
            day = empty.pop()
            person = chance.choice(
                [one for one in able if visits.is_free(one, day) and (not one.is_buyer or one.first_day < day)]
            )
        else:
            person = chance.choice(able)
            later = [order for order in person.orders if order.session is not None and not order.is_first]
            again = chance.choice(later).day if later and chance.yes(0.5) else None
            low, high = (again - 3, again - 1) if again is not None else (30, AS_OF)
            day = visits.free_day(person, low, high)
        if day is None:
            continue
        order = Order(person, day, 250.0)
        order.lines = [_cart_line(visits, person, day)]
        session = visits.add(person, day, 4, home_channel(chance, person, day), order)
        order.session = session
        order.sales_channel = session.channel if session.channel in _PLATFORMS else "web"
        session.cart_product = order.lines[0].product
        visits.unpaid.append(order)


def _cart_line(visits: Visits, person: Person, day: int) -> Line:
    for _ in range(5):
        line = visits.shelf.near(visits.chance.one(category_weights(person)), visits.chance.uniform(60, 420), day, 0.4)
        if line is not None:
            return line
    return visits.shelf.nearest(200, day)


def choose_cart_product(visits: Visits, person: Person, session: Session) -> None:
    """Choose the product that a session adds to the cart without ordering it."""
    session.cart_product = _cart_line(visits, person, session.day).product


def customer_carts(visits: Visits, people: Sequence[Person], depth: int, count: int) -> None:
    """Add abandoned carts of customers. A third is recovered by an order of the same product within four days."""
    chance = visits.chance
    able = [person for person in people if person.has_account and person.persona != "simplifier"]
    able += chance.some([one for one in people if one.has_account and one.persona == "simplifier"], len(able))
    goal = visits.count(depth) + count
    while visits.count(depth) < goal:
        person = chance.choice(able)
        later = [order for order in person.orders if order.session is not None and not order.is_first]
        again = chance.choice(later) if later and chance.yes(0.45) else None
        if again is not None:
            day = visits.browse_day(person, again.day - 4, again.day - 1)
        else:
            day = visits.browse_day(person, *_span(person))
        if day is None:
            continue
        session = visits.add(person, day, depth, home_channel(chance, person, day))
        if again is not None:
            session.cart_product = again.lines[0].product
        else:
            choose_cart_product(visits, person, session)


def _span(person: Person) -> tuple[int, int]:
    """Days on which a person may browse: from shortly before the first order to some weeks after the last."""
    if not person.is_buyer:
        first = max(0, (person.registered_at // 86_400 + 1) - 19_722)
        return first, min(first + 120, AS_OF)
    return max(0, person.first_day - 20), min(person.last_day + 30, AS_OF)


def persona_visits(visits: Visits, people: Sequence[Person], surfer_visits: int) -> None:
    """Add the visits that make a persona, and at least one visit for everyone."""
    chance = visits.chance
    extra = {"sportster": 2, "bargainer": 1, "routiner": 1, "connector": 1}
    for person in people:
        wanted = extra.get(person.persona, 0)
        if person.persona == "surfer":
            wanted = max(0, surfer_visits - len(person.sessions))
        for _ in range(max(wanted, 1 - len(person.sessions))):
            day = visits.browse_day(person, *_span(person))
            if day is None:
                day = visits.browse_day(person, 0, AS_OF)
            if day is None:
                continue
            visits.add(person, day, 1, home_channel(chance, person, day))


def anonymous_people(visits: Visits, start: int, marketplace: int, surfers: int) -> list[Person]:
    """Visitors who are never identified: first those of marketplaces, then surfers among the others."""
    chance = visits.chance
    channels = ["marketplace"] * marketplace + chance.quota(_ANONYMOUS, _ANONYMOUS_CHANNELS)
    people = [
        Person(start + place, "anonymous", has_account=False, channel=channel) for place, channel in enumerate(channels)
    ]
    for person in people:
        person.persona = "visitor"
    for person in people[marketplace : marketplace + surfers]:
        person.persona = "surfer"
    for person in people:
        if person.persona == "visitor" and person.channel == "organic_social":
            person.persona = "connector"
    return people


def new_marketplace_buyers(customers: Sequence[Person]) -> int:
    """Number of customers whose first session came through a marketplace and is mature; all of them ordered in it."""
    firsts = [min(person.sessions, key=lambda one: one.day) for person in customers if person.sessions]
    return sum(first.channel == "marketplace" and first.day <= AS_OF - NEW_VISITOR_DAYS for first in firsts)


def people_count(customers: Sequence[Person], marketplace: int) -> int:
    """Number of people with sessions, once all visits are made."""
    return sum(bool(person.sessions) for person in customers) + marketplace + _ANONYMOUS


def anonymous_visits(
    visits: Visits, people: Sequence[Person], needs: dict[int, int], surfer_visits: int, mature: int
) -> None:
    """Add visits of unidentified visitors, which bring every depth to its quota.

    needs: sessions still missing, by depth. mature: number of marketplace visitors who come early enough for their
    conversion window to be over; the others come in the last weeks.
    """
    chance = visits.chance
    surfers = [person for person in people if person.persona == "surfer"]
    others = [person for person in people if person.persona != "surfer"]
    guests = [person for person in others if person.channel != "marketplace"]
    carts = [depth for depth in (2, 3) for _ in range(needs[depth])]
    light = [depth for depth in (0, 1) for _ in range(needs[depth])]
    for group in (carts, light):
        chance.shuffle(group)
    owed: list[tuple[Person, int]] = []
    for person in surfers:
        for place in range(surfer_visits):
            if place == 0 and carts:
                owed.append((person, carts.pop()))
            elif 1 in light:
                light.remove(1)
                owed.append((person, 1))
    chance.shuffle(others)
    owed += list(zip(others, carts, strict=False))
    rest = others[len(carts) :]
    carts = carts[len(others) :]
    if len(light) < len(rest) or carts:
        raise RuntimeError(
            f"generate: {len(light)} light sessions for {len(rest)} visitors, {len(carts)} carts too many"
        )
    owed += list(zip(rest, light, strict=False))
    owed += [(chance.choice(guests), depth) for depth in light[len(rest) :]]
    for person, depth in owed:
        place = person.number - people[0].number
        if person.channel == "marketplace":
            day: int | None = chance.randint(
                *((0, AS_OF - NEW_VISITOR_DAYS - 1) if place < mature else (AS_OF - 28, AS_OF))
            )
        elif not person.sessions:
            day = chance.randint(0, AS_OF)
        elif person.persona == "connector":
            day = visits.free_day(person, AS_OF - 50, AS_OF)
        else:
            day = visits.free_day(person, person.sessions[0].day - 40, person.sessions[0].day + 40)
        if person.persona == "connector" and not person.sessions:
            day = chance.randint(AS_OF - 50, AS_OF)
        if day is None:
            day = visits.free_day(person, 0, AS_OF)
        session = visits.add(person, day or 0, depth, person.channel)
        if depth in (2, 3):
            choose_cart_product(visits, person, session)
