"""The purchase funnel, entry by entry: steps reached in order, and steps reached out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row, Settings


@dataclass(frozen=True)
class Step:
    """A step of the funnel. It matches event types, views of page types, or a fact of the session or its orders."""

    number: int
    name: str
    is_required: bool
    event_types: frozenset[str]
    page_types: frozenset[str]
    fact: str | None

    def matches(self, event: Row) -> bool:
        is_page = event["event_type"] == "page_view" and event["page_type"] in self.page_types
        return event["event_type"] in self.event_types or is_page


@dataclass
class Entry:
    """A session, or a visitor's window of days: timestamps by step number, and the session in which it started."""

    session: Session
    moments: dict[int, list[datetime]]
    is_open: bool = False
    reached: dict[int, datetime] = field(default_factory=dict)
    out_of_order: set[int] = field(default_factory=set)


def read_steps(rows: Iterable[Row], funnel: str = "purchase") -> list[Step]:
    """The steps of the funnel, by number."""
    steps = [
        Step(
            int(row["step_number"]), row["step_name"], str(row["is_required"]).lower() == "true",
            frozenset((row["event_types"] or "").split("|")) - {""},
            frozenset((row["page_types"] or "").split("|")) - {""}, row["fact"] or None,
        )
        for row in rows
        if row["funnel"] == funnel
    ]  # fmt: skip
    return sorted(steps, key=lambda step: step.number)


def session_moments(session: Session, orders: Sequence[Order], steps: Sequence[Step]) -> dict[int, list[datetime]]:
    """The timestamps at which a session matches each step, by step number, ascending, in whole seconds.

    Events in the same second count as being in the order of the steps. Events that report a renewal do not count.
    """
    moments: dict[int, list[datetime]] = {}
    for step in steps:
        found = [
            event["occurred_at"]
            for event in session.events
            if step.matches(event) and not event["is_repeat"] and not event.get("is_renewal")
        ]
        if step.fact == "session_started":
            found.append(session.started_at)
        elif step.fact == "order_placed":
            found += [order.ordered_at for order in orders]
        elif step.fact == "order_paid":
            found += [order.paid_at for order in orders if order.paid_at]
        moments[step.number] = sorted(moment.replace(microsecond=0) for moment in found)
    return moments


def observed_steps(moments: Iterable[Mapping[int, list[datetime]]], steps: Sequence[Step]) -> list[Step]:
    """The steps that occur in the shop's data."""
    seen = {number for one in moments for number, found in one.items() if found}
    return [step for step in steps if step.number in seen]


def walk(entry: Entry, steps: Sequence[Step]) -> None:
    """Set the reached steps of an entry.

    A required step is reached at its earliest timestamp at or after that of the previous required step. An optional
    step is reached at its earliest timestamp between the required steps around it.
    """
    required = [step for step in steps if step.is_required]
    moment = datetime.min
    for step in required:
        later = [one for one in entry.moments.get(step.number, []) if one >= moment]
        if not later:
            break
        moment = entry.reached[step.number] = later[0]
    for step in steps:
        if not step.is_required:
            begin = max(
                (entry.reached.get(one.number, datetime.max) for one in required if one.number < step.number),
                default=datetime.min,
            )
            end = min(
                (
                    entry.reached[one.number]
                    for one in required
                    if one.number > step.number and one.number in entry.reached
                ),
                default=datetime.max,
            )
            between = [one for one in entry.moments.get(step.number, []) if begin <= one <= end]
            if between:
                entry.reached[step.number] = between[0]
    entry.out_of_order = {step.number for step in steps if entry.moments.get(step.number)} - entry.reached.keys()


def session_entries(
    moments: Mapping[int, dict[int, list[datetime]]], sessions: Sequence[Session], steps: Sequence[Step]
) -> list[Entry]:
    """One entry per session, without bots. `moments`: timestamps by session number and step number."""
    entries = [Entry(session, moments[session.number]) for session in sessions if not session.is_bot]
    for entry in entries:
        walk(entry, steps)
    return entries


def visitor_entries(
    moments: Mapping[int, dict[int, list[datetime]]],
    sessions: Sequence[Session],
    steps: Sequence[Step],
    settings: Settings,
    as_of_end_at: datetime,
) -> list[Entry]:
    """One entry per visitor and window. A window opens at a first step when none is open, and lasts
    `funnel_window_days` times 24 hours, end included.
    """
    window = timedelta(days=settings.funnel_window_days)
    by_visitor: dict[str, list[Session]] = defaultdict(list)
    for session in sessions:
        if not session.is_bot:
            by_visitor[session.visitor_id].append(session)
    entries: list[Entry] = []
    first = steps[0].number if steps else 0
    for of_visitor in by_visitor.values():
        end = datetime.min
        openings = sorted(
            ((moment, session.number, session) for session in of_visitor for moment in moments[session.number][first]),
            key=lambda opening: opening[:2],
        )
        for moment, _number, session in openings:
            if moment <= end:
                continue
            end = moment + window
            inside = {
                step.number: sorted(
                    one
                    for other in of_visitor
                    for one in moments[other.number].get(step.number, [])
                    if moment <= one <= end
                )
                for step in steps
            }
            entries.append(Entry(session, inside, is_open=end >= as_of_end_at))
            walk(entries[-1], steps)
    return entries


@dataclass
class StepCount:
    """Entries at a step: entered (were at the step before), reached, dropped (ended without it), out of order."""

    entered: int = 0
    reached: int = 0
    dropped: int = 0
    reached_out_of_order: int = 0


FunnelKey = tuple[date, str, int, str, str | None, str | None, bool]


def count_steps(
    entries: Iterable[Entry], steps: Sequence[Step], scope: str, settings: Settings
) -> dict[FunnelKey, StepCount]:
    """Counts by date, scope, step, channel, device, operating system and whether the visitor is new.

    An entry enters a step if it reached the required step before it; every entry enters the first step. While its
    window is open, an entry that has not reached a step is neither reached nor dropped.
    """
    counts: dict[FunnelKey, StepCount] = defaultdict(StepCount)
    for entry in entries:
        session = entry.session
        day = session.session_date if scope == "session" else settings.local_date(entry.reached[steps[0].number])
        for step in steps:
            before = [one.number for one in steps if one.is_required and one.number < step.number]
            entered = not before or before[-1] in entry.reached
            reached = step.number in entry.reached
            key = (
                day, scope, step.number, session.channel, session.get("device_type"), session.get("operating_system"),
                session.is_new_visitor,
            )  # fmt: skip
            count = counts[key]
            count.reached_out_of_order += step.number in entry.out_of_order
            if entered and (reached or not entry.is_open):
                count.entered += 1
                count.reached += reached
                count.dropped += not reached
    return dict(counts)
