"""Attribution: the paths of people to their orders, and the credit that each model gives to the channels on a path.

Shares are exact fractions. Removal effects follow the definition: the Markov chain is solved again without each
channel.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from shopper.crosscheck.oracle.channels import DIRECT, UNATTRIBUTED
from shopper.crosscheck.oracle.identity import UNKNOWN, VISITOR_PREFIX
from shopper.crosscheck.oracle.money import CENT
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop

FIRST, REPEAT, RENEWAL = "first", "repeat", "renewal"
ORDER_PLACES: Final = 9
_SECOND: Final = timedelta(seconds=1)
# Decay weights and removal effects are rounded to this many parts of 1, as in the marts.
_PARTS: Final = 10**10
_START, _WON, _LOST = object(), object(), object()

Part = TypeVar("Part")
CreditKey = tuple[date, str, str, str]


@dataclass(frozen=True)
class Touch:
    """A visit on a path: its own channel, and its age in seconds before the order (0 on paths without an order)."""

    channel: str
    age_seconds: int = 0


@dataclass(frozen=True)
class Path:
    """Touches in order, and their order (None for a path without one). A path without touches is unattributed."""

    touches: tuple[Touch, ...]
    order: Order | None
    order_type: str
    month: date

    @property
    def channels(self) -> list[str]:
        return [touch.channel for touch in self.touches]


def paths(shop: Shop) -> list[Path]:
    """The path of every valid order, and every path that ended without one, except those that can still convert."""
    window = timedelta(days=shop.staged.settings.attribution_window_days)
    people: dict[str, list[Session]] = defaultdict(list)
    for session in sorted(shop.sessions, key=_in_order):
        if not session.is_bot and not session.is_continuation:
            people[session.customer_id or VISITOR_PREFIX + session.visitor_id].append(session)
    orders: dict[str, list[Order]] = defaultdict(list)
    for order in sorted(shop.orders, key=lambda one: (one.ordered_at, one.is_renewal, one.order_id)):
        if order.is_valid:
            orders[order.customer_id].append(order)
    won: dict[str, set[int]] = defaultdict(set)
    for order_id, session in shop.order_sessions.items():
        won[order_id].add((session.arrival or session).number)
    idle: list[tuple[Session, str, int]] = []
    for person, sessions in people.items():
        made = [] if person == UNKNOWN else [order for order in orders.get(person, []) if not order.is_renewal]
        for session in sessions:
            place = sum(order.ordered_at < session.started_at for order in made)
            if place < len(made) and made[place].ordered_at - session.started_at <= window:
                won[made[place].order_id].add(session.number)
            else:
                idle.append((session, person, place))
    by_number = {session.number: session for session in shop.sessions}
    found = [
        _won_path(order, place, [by_number[number] for number in won[order.order_id]])
        for made in orders.values()
        for place, order in enumerate(made)
    ]
    taken = {number for order in shop.orders if order.is_valid for number in won[order.order_id]}
    end = shop.staged.period.as_of_end_at
    return found + _lost_paths([one for one in idle if one[0].number not in taken], window, end)


def _in_order(session: Session) -> tuple[datetime, str, int]:
    """Sort key of sessions: start, then id."""
    return session.started_at, session.name, session.number


def _won_path(order: Order, place: int, sessions: Iterable[Session]) -> Path:
    ordered = sorted(sessions, key=_in_order)
    touches = tuple(Touch(one.own_channel, max((order.ordered_at - one.started_at) // _SECOND, 0)) for one in ordered)
    kind = RENEWAL if order.is_renewal else FIRST if place == 0 and order.customer_id != UNKNOWN else REPEAT
    return Path(touches, order, kind, month_of(order.order_date))


def _lost_paths(idle: Sequence[tuple[Session, str, int]], window: timedelta, end: datetime | None) -> list[Path]:
    """Paths without an order. `idle`: sessions by time, each with its person and the person's earlier orders."""
    journeys: list[list[Session]] = []
    kinds: list[str] = []
    latest: dict[tuple[str, int], list[Session]] = {}
    for session, person, earlier in idle:
        journey = latest.get((person, earlier))
        if journey is None or session.started_at - journey[-1].started_at > window:
            journey = latest[person, earlier] = []
            journeys.append(journey)
            kinds.append(REPEAT if earlier else FIRST)
        journey.append(session)
    return [
        Path(tuple(Touch(one.own_channel) for one in journey), None, kind, month_of(journey[-1].session_date))
        for journey, kind in zip(journeys, kinds, strict=True)
        if end is not None and journey[-1].started_at + window < end
    ]


def weights(model: Row, touches: Sequence[Touch]) -> dict[str, int]:
    """Integer weight by channel on one path, for a row of attribution_models, in the order of first touches."""
    seen = list(touches)
    if model["ignores_direct"] and any(touch.channel != DIRECT for touch in seen):
        seen = [touch for touch in seen if touch.channel != DIRECT]
    found: dict[str, int] = {}
    youngest = min(touch.age_seconds for touch in seen)
    for place, touch in enumerate(seen):
        if model["method"] == "time_decay":
            half_lives = (touch.age_seconds - youngest) / (86400 * int(model["half_life_days"]))
            weight = max(round(_PARTS * 0.5**half_lives), 1)
        elif model["method"] == "equal" or len(seen) == 1:
            weight = 1
        else:
            first, last, between = int(model["first_percent"]), int(model["last_percent"]), max(len(seen) - 2, 1)
            weight = first * between if place == 0 else last * between if place == len(seen) - 1 else 100 - first - last
        found[touch.channel] = found.get(touch.channel, 0) + weight
    return {channel: weight for channel, weight in found.items() if weight}


def markov_shares(won: Iterable[Sequence[str]], lost: Iterable[Sequence[str]]) -> dict[str, Fraction]:
    """Share of the orders by channel, from removal effects, for the channels on paths with an order.

    Paths are non-empty sequences of channels. Empty if no path has an order.
    """
    steps: dict[object, Counter[object]] = defaultdict(Counter)
    converting: set[str] = set()
    for path_list, end in ((won, _WON), (lost, _LOST)):
        for path in path_list:
            converting.update(path if end is _WON else ())
            for origin, to in zip([_START, *path], [*path, end], strict=True):
                steps[origin][to] += 1
    if not converting:
        return {}
    whole = _conversion(steps, None)
    effects = {channel: 1 - _conversion(steps, channel) / whole for channel in sorted(converting)}
    total = sum(effects.values())
    return {channel: effect / total for channel, effect in effects.items()}


def _conversion(steps: Mapping[object, Counter[object]], removed: str | None) -> Fraction:
    """Probability of reaching an order from the start, if every path through `removed` is lost.

    Eliminates the states of the chain one by one, passing their transitions on to their successors.
    """
    chain: dict[object, dict[object, Fraction]] = {}
    for origin, counts in steps.items():
        if origin != removed:
            total = sum(counts.values())
            chain[origin] = {to: Fraction(count, total) for to, count in counts.items() if to not in {removed, _LOST}}
    for state in [one for one in chain if one is not _START]:
        onward = chain.pop(state)
        staying = 1 - onward.pop(state, Fraction(0))
        for targets in chain.values():
            share = targets.pop(state, None)
            if share is not None:
                for to, probability in onward.items():
                    targets[to] = targets.get(to, Fraction(0)) + share * probability / staying
    return chain[_START].get(_WON, Fraction(0))


def split(units: int, shares: Mapping[Part, int]) -> dict[Part, int]:
    """Split whole units in proportion to positive integer weights, by largest remainder; ties as in `shares`."""
    total = sum(shares.values())
    found = {part: units * weight // total for part, weight in shares.items()}
    by_remainder = sorted(shares, key=lambda part: -(units * shares[part] % total))
    for part in by_remainder[: units - sum(found.values())]:
        found[part] += 1
    return found


@dataclass
class Credit:
    """Credit of a channel: orders in units of 10^-9, revenue in cents."""

    order_units: int = 0
    cents: int = 0

    @property
    def orders(self) -> Decimal:
        return Decimal(self.order_units).scaleb(-ORDER_PLACES)

    @property
    def revenue(self) -> Decimal:
        return self.cents * CENT


def credits(all_paths: Iterable[Path], models: Iterable[Row]) -> dict[CreditKey, Credit]:
    """Credit by month, model, channel and order type."""
    found: dict[CreditKey, Credit] = defaultdict(Credit)
    cells: dict[tuple[date, str], list[Path]] = defaultdict(list)
    for path in all_paths:
        cells[path.month, path.order_type].append(path)
    for model in models:
        for (month, order_type), members in cells.items():
            for channel, credit in _cell_credits(model, members).items():
                sum_ = found[month, model["model"], channel, order_type]
                sum_.order_units += credit.order_units
                sum_.cents += credit.cents
    return dict(found)


def _cell_credits(model: Row, members: Sequence[Path]) -> dict[str, Credit]:
    """Credit by channel, for one month and order type."""
    found: dict[str, Credit] = defaultdict(Credit)
    touched = [path for path in members if path.order and path.touches]
    if model["method"] == "markov":
        lost = [path.channels for path in members if not path.order]
        shares = markov_shares([path.channels for path in touched], lost)
        parts = {channel: round(share * _PARTS) for channel, share in shares.items()}
        parts = {channel: part for channel, part in parts.items() if part}
        _add_credit(found, len(touched), sum(_cents(path) for path in touched), parts)
    else:
        for path in touched:
            _add_credit(found, 1, _cents(path), weights(model, path.touches))
    for path in members:
        if path.order and not path.touches:
            _add_credit(found, 1, _cents(path), {UNATTRIBUTED: 1})
    return found


def _add_credit(found: dict[str, Credit], orders: int, cents: int, shares: Mapping[str, int]) -> None:
    if not shares:
        return
    for channel, units in split(orders * 10**ORDER_PLACES, shares).items():
        found[channel].order_units += units
    for channel, part in split(cents, shares).items():
        found[channel].cents += part


def _cents(path: Path) -> int:
    return int(path.order.net_revenue / CENT) if path.order else 0
