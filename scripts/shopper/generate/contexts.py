"""Device, operating system, platform and hour of each session, by quota, and the planted time per page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import DAY_SECONDS, moment, weekday
from shopper.generate.entities import Person, Session

_DESKTOP_PART: Final = 0.75
_IOS_SHARE: Final = 0.42
_HOURS: Final = (
    1.2, 0.6, 0.3, 0.2, 0.2, 0.4, 1.0, 2.2, 3.6, 4.4, 4.8, 5.0, 5.4, 4.8, 4.4, 4.4, 4.6, 4.8, 5.2, 5.8, 6.2, 6.0, 4.6,
    2.4,
)  # fmt: skip
_GENDER_HOURS: Final = {
    "female": {12: 0.8, 13: 0.8, 20: 2.0, 21: 2.0},
    "male": {12: 2.2, 13: 2.3, 20: 0.7, 21: 0.7},
}
_OFFICE_HOURS: Final = {9: 2.0, 10: 4.0, 11: 3.5, 12: 1.5, 13: 2.0, 14: 4.0, 15: 4.0, 16: 3.0, 17: 2.0}


def assign_devices(chance: Chance, sessions: Sequence[Session], mobile_share: float) -> None:
    """Assign devices. Desktop sessions are web sessions on workdays, large orders first; other non-mobile ones are
    tablets.
    """
    other = round(len(sessions) * (1 - mobile_share))
    desktops = round(other * _DESKTOP_PART)
    web = [session for session in sessions if session.platform == "web"]
    at_work = [session for session in web if weekday(session.day) < 5]
    paid = [session for session in at_work if session.depth == 5 and session.order is not None]
    weights = [(session.order.net if session.order else 0.0) ** 1.5 for session in paid]
    chosen = chance.weighted(paid, weights, round(desktops * 0.3))
    chosen += chance.some([session for session in at_work if session.depth < 5], desktops - len(chosen))
    for session in chosen:
        session.device = "desktop"
        session.system = chance.one({"Windows": 4, "macOS": 1})
    for session in chance.some([session for session in web if session.device == "mobile"], other - len(chosen)):
        session.device = "tablet"
        session.system = "iPadOS"


def assign_systems(chance: Chance, people: Sequence[Person], paid_ratio: float) -> None:
    """Assign iOS or Android by person. The share of sessions with a paid order is `paid_ratio` times as high on
    Android.
    """
    people = [person for person in people if any(session.device == "mobile" for session in person.sessions)]
    for person, system in zip(
        people, chance.quota(len(people), {"iOS": _IOS_SHARE, "Android": 1 - _IOS_SHARE}), strict=True
    ):
        person.system = system
    tally = {system: [0, 0] for system in ("iOS", "Android")}
    for person in people:
        _count(tally[person.system], person, 1)

    def distance() -> float:
        return abs(tally["Android"][1] / tally["Android"][0] / (tally["iOS"][1] / tally["iOS"][0]) - paid_ratio)

    for _ in range(4_000):
        if distance() < 0.004:
            break
        one, two = chance.choice(people), chance.choice(people)
        if one.system == two.system or (one.persona == "surfer") != (two.persona == "surfer"):
            continue
        before = distance()
        _exchange(tally, one, two)
        if distance() >= before:
            _exchange(tally, one, two)
    for person in people:
        for session in person.sessions:
            if session.device == "mobile":
                session.system = person.system


def _exchange(tally: dict[str, list[int]], one: Person, two: Person) -> None:
    for person in (one, two):
        _count(tally[person.system], person, -1)
    one.system, two.system = two.system, one.system
    for person in (one, two):
        _count(tally[person.system], person, 1)


def _count(counts: list[int], person: Person, sign: int) -> None:
    for session in person.sessions:
        if session.device == "mobile":
            counts[0] += sign
            counts[1] += sign * (session.depth == 5)


def assign_pace(sessions: Sequence[Session], ios_ratio: float, surfer_time: float, page_ratio: float) -> None:
    """Scale the durations of sessions, person by person, to the planted seconds per page on iOS and the surfers' share
    of all time.

    page_ratio: pages of a surfer, relative to the average person; reached with whole pages.
    """
    people = {session.person.number: session.person for session in sessions}
    surfers = {number for number, person in people.items() if person.persona == "surfer"}
    _give_surfer_pages(sessions, page_ratio * len(surfers) / len(people))
    for _ in range(12):
        time = {"iOS": 0.0, "Android": 0.0}
        pages = {"iOS": 0, "Android": 0}
        for session in sessions:
            if session.system in time:
                time[session.system] += session.seconds
                pages[session.system] += session.pages
        ios_factor = ios_ratio / (time["iOS"] / pages["iOS"] / (time["Android"] / pages["Android"]))
        surfing = sum(session.seconds for session in sessions if session.person.number in surfers)
        rest = sum(session.seconds for session in sessions) - surfing
        surfer_factor = surfer_time / (1 - surfer_time) * rest / surfing
        for session in sessions:
            is_surfer, is_ios = session.person.number in surfers, session.person.system == "iOS"
            session.seconds *= (surfer_factor if is_surfer else 1.0) * (ios_factor if is_ios else 1.0)


def _give_surfer_pages(sessions: Sequence[Session], share: float) -> None:
    """Split the surfers' share of all pages over their sessions, to within one page."""
    surfing = [session for session in sessions if session.person.persona == "surfer"]
    rest = sum(session.pages for session in sessions) - sum(session.pages for session in surfing)
    wanted = round(share / (1 - share) * rest)
    scale = wanted / sum(session.pages for session in surfing)
    owed = 0.0
    for session in surfing:
        owed += session.pages * scale
        new = max(6, round(owed))
        owed -= new
        session.seconds *= new / session.pages
        session.pages = new


def assign_hours(chance: Chance, sessions: Sequence[Session]) -> None:
    """Assign local start times: women in the evening, men at noon, desktops in office hours; no session crosses
    midnight.
    """
    groups: dict[str, list[Session]] = {}
    for session in sessions:
        key = "desktop" if session.device == "desktop" else session.person.gender or "unknown"
        groups.setdefault(key, []).append(session)
    for key in sorted(groups):
        weights = _OFFICE_HOURS if key == "desktop" else hour_weights(key)
        for session, hour in zip(groups[key], chance.quota(len(groups[key]), weights), strict=True):
            latest = DAY_SECONDS - int(session.seconds) - 600
            start = min(hour * 3600 + chance.randrange(3600), latest)
            session.start = moment(session.day, start)


def hour_weights(gender: str | None) -> dict[int, float]:
    """Relative activity by local hour."""
    changes = _GENDER_HOURS.get(gender or "", {})
    return {hour: weight * changes.get(hour, 1.0) for hour, weight in enumerate(_HOURS)}
