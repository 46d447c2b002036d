"""Sessions: from the tracker, from events only, or derived from gaps between events; long ones are cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from shopper.crosscheck.oracle.identity import Identities
from shopper.crosscheck.oracle.settings import Row, Settings
from shopper.crosscheck.oracle.sources import Source
from shopper.crosscheck.oracle.urls import campaign_of, click_of
from shopper.crosscheck.oracle.views import PAGE_VIEWS, mark_views

PASSIVE: Final = frozenset({"recommendation_impression"})
_EPOCH: Final = datetime(1970, 1, 1)
CONVERSIONS: Final = frozenset({"place_order", "pay_order", "purchase"})


@dataclass
class Session:
    """A session. `row` is its row in sessions; None if it is only known from events.

    `ended_at` is None if neither an event nor the row has an end. `events` are its staged events by time and id.
    Timestamps are UTC. `given_id` is None for derived sessions.
    """

    given_id: str | None
    visitor_id: str
    started_at: datetime
    ended_at: datetime | None
    row: Row | None
    events: list[Row] = field(default_factory=list)
    is_cut: bool = False
    is_later_piece: bool = False
    goes_on: bool = False
    arrival: Session | None = None
    is_bot: bool = False
    has_order: bool = False
    is_new_visitor: bool = False
    customer_id: str | None = None
    session_date: date = date.min
    source: Source | None = None
    own_channel: str = ""
    channel: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """Sort key for sessions with the same start: the given id, else the visitor and the start in epoch seconds."""
        return self.given_id or f"{self.visitor_id}-{(self.started_at - _EPOCH) // timedelta(seconds=1)}"

    @property
    def has_events(self) -> bool:
        return bool(self.events)

    @property
    def page_views(self) -> int | None:
        """Number of page views; None without events."""
        return sum(event["is_view"] for event in self.events) if self.events else None

    @property
    def duration_seconds(self) -> int | None:
        """Whole seconds from the first event to the last; None without events."""
        if not self.events:
            return None
        span: timedelta = self.events[-1]["occurred_at"] - self.events[0]["occurred_at"]
        return span // timedelta(seconds=1)

    @property
    def interactions(self) -> int | None:
        """Number of events that are neither views of pages nor only shown; None without events."""
        others = (event for event in self.events if event["event_type"] not in PAGE_VIEWS | PASSIVE)
        return sum(1 for _ in others) if self.events else None

    @property
    def is_bounce(self) -> bool | None:
        """Whether it has one page view, no other interaction and no valid order; None without events."""
        if not self.events:
            return None
        return self.page_views == 1 and not self.interactions and not self.has_order

    @property
    def arrival_url(self) -> str | None:
        """The landing page of the session row, else the first URL in its events."""
        if self.is_later_piece:
            return None
        own = self.arrived("landing_page_url")
        return own or next((event["page_url"] for event in self.events if event["page_url"]), None)

    @property
    def landing_url(self) -> str | None:
        """The landing page of the session row, else the page of the first view."""
        return self.arrived("landing_page_url") or (self._first_view or {}).get("page_url")

    @property
    def landing_type(self) -> str | None:
        """The page type of the first view."""
        return (self._first_view or {}).get("page_type")

    @property
    def _first_view(self) -> Row | None:
        return next((event for event in self.events if event["is_view"]), None)

    @property
    def is_continuation(self) -> bool:
        """Whether the session goes on from an arrival, whose channel it keeps."""
        return self.arrival is not None

    @property
    def campaign(self) -> dict[str, str | None]:
        """The utm_* values of the session row, else those of the arrival URL."""
        of_url = campaign_of(self.arrival_url)
        return {name: self.arrived(name) or value for name, value in of_url.items()}

    def get(self, column: str) -> str | None:
        """A column of the session row; None without a row."""
        return self.row[column] if self.row else None

    def arrived(self, column: str) -> str | None:
        """A column of the session row about the arrival; None for later pieces of a cut session."""
        return None if self.is_later_piece else self.get(column)


def all_sessions(
    rows: Iterable[Row],
    events: Iterable[Row],
    settings: Settings,
    bots: Sequence[Row],
    click_ids: Sequence[str],
    same_view_seconds: int,
) -> list[Session]:
    """Every session by visitor and start, with its events, bot flag and whether it is the visitor's first.

    bots: rows of the seed bot_user_agents. click_ids: URL parameters that carry click ids of ad platforms.
    same_view_seconds: as in the seed session_rules.
    """
    events = list(events)
    mark_views(events, same_view_seconds)
    given, loose = _grouped(events)
    sessions = [
        _given_session(row["session_id"], row, given.pop((row["session_id"], row["visitor_id"]), [])) for row in rows
    ]
    sessions += [_given_session(session_id, None, of_session) for (session_id, _), of_session in given.items()]
    timeout = timedelta(minutes=settings.session_timeout_minutes)
    for visitor_id, of_visitor in loose.items():
        sessions += derived_sessions(visitor_id, of_visitor, timeout, click_ids)
    limit = timedelta(hours=settings.session_max_hours)
    sessions = [piece for session in sessions for piece in cut_session(session, limit)]
    sessions.sort(
        key=lambda one: (one.visitor_id, one.started_at, one.name, one.events[0]["event_id"] if one.events else "")
    )
    seen: set[str] = set()
    for number, session in enumerate(sessions):
        session.number = number
        session.session_date = settings.local_date(session.started_at)
        session.is_bot = is_bot(session.get("user_agent"), bots)
        session.is_new_visitor = session.visitor_id not in seen
        seen.add(session.visitor_id)
    return sessions


def _grouped(events: Iterable[Row]) -> tuple[dict[tuple[str, str], list[Row]], dict[str, list[Row]]]:
    """Events by session id and visitor (a shared id is one session per visitor), and events without a session id by
    visitor. Each list is sorted by time and id.
    """
    given: dict[tuple[str, str], list[Row]] = defaultdict(list)
    loose: dict[str, list[Row]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event["occurred_at"], event["event_id"])):
        if event["session_id"] is None:
            loose[event["visitor_id"]].append(event)
        else:
            given[event["session_id"], event["visitor_id"]].append(event)
    return given, loose


def _given_session(session_id: str, row: Row | None, events: list[Row]) -> Session:
    """A session with a given id. It starts with the earlier of row and first event, and ends with the last event.

    Without events it ends as in the row, unless that is before the start.
    """
    begin = min([event["occurred_at"] for event in events[:1]] + ([row["started_at"]] if row else []))
    end: datetime | None = None
    if events:
        end = max(begin, events[-1]["occurred_at"])
    elif row and row["ended_at"] and row["ended_at"] >= begin:
        end = row["ended_at"]
    return Session(session_id, row["visitor_id"] if row else events[0]["visitor_id"], begin, end, row, events)


def derived_sessions(visitor_id: str, events: list[Row], timeout: timedelta, click_ids: Sequence[str]) -> list[Session]:
    """Sessions of a visitor's events without session id, split after a gap above the timeout or at a new campaign.

    A campaign is new if the URL carries one that differs from the last one in the session.
    """
    sessions: list[Session] = []
    known: tuple[str | None, ...] = ()
    for event in events:
        campaign = (*campaign_of(event["page_url"]).values(), click_of(event["page_url"], click_ids))
        moment = event["occurred_at"]
        if (
            not sessions
            or moment - sessions[-1].events[-1]["occurred_at"] > timeout
            or (any(campaign) and campaign != known)
        ):
            sessions.append(Session(None, visitor_id, moment, moment, None))
            known = ()
        known = campaign if any(campaign) else known
        sessions[-1].events.append(event)
        sessions[-1].ended_at = moment
    return sessions


def cut_session(session: Session, limit: timedelta) -> list[Session]:
    """Cut a session that is longer than the limit into flagged pieces of that length. Others are returned unchanged.

    An event exactly at the limit belongs to the earlier piece. Pieces without events are dropped.
    """
    if session.ended_at is None or session.ended_at - session.started_at <= limit:
        return [session]
    if not session.events:
        session.ended_at, session.is_cut = session.started_at + limit, True
        return [session]
    pieces: dict[int, list[Row]] = defaultdict(list)
    for event in session.events:
        pieces[max(0, -(-(event["occurred_at"] - session.started_at) // limit) - 1)].append(event)
    return [
        Session(
            session.given_id,
            session.visitor_id,
            events[0]["occurred_at"] if place else session.started_at,
            events[-1]["occurred_at"],
            session.row,
            events,
            is_cut=True,
            is_later_piece=number > 0,
        )
        for number, (place, events) in enumerate(sorted(pieces.items()))
    ]


def session_customer(session: Session, orders: Iterable[Row], identities: Identities) -> str | None:
    """The first customer named in the session: by its row (counted at its start), an event or an order.

    Else the visitor's next identified customer, else the previous one. Ties: the smallest id.
    """
    named = [(event["occurred_at"], event["customer_id"]) for event in session.events]
    named.append((session.started_at, session.get("customer_id")))
    named += [(order["ordered_at"], order["customer_id"]) for order in orders]
    known = [(moment, identities.customer(account) or "") for moment, account in named if account]
    return min(known)[1] if known else identities.of_visitor(session.visitor_id, session.started_at)


def is_bot(user_agent: str | None, bots: Sequence[Row]) -> bool:
    """Whether the user agent contains a token of the seed, ignoring case, and not the token's exception."""
    agent = (user_agent or "").lower()
    return any(row["token"] in agent and not (row["unless_token"] and row["unless_token"] in agent) for row in bots)


class SessionFinder:
    """Finds the session of an order, by session id, events and visitor."""

    def __init__(self, sessions: Sequence[Session], timeout: timedelta) -> None:
        self._timeout = timeout
        self._by_id: dict[str, list[Session]] = defaultdict(list)
        self._by_visitor: dict[str, list[Session]] = defaultdict(list)
        self._naming: dict[str, list[tuple[Row, Session]]] = defaultdict(list)
        for session in sessions:
            if session.given_id is not None:
                self._by_id[session.given_id].append(session)
            self._by_visitor[session.visitor_id].append(session)
            for event in session.events:
                if event["order_id"] is not None:
                    self._naming[event["order_id"]].append((event, session))

    def of_order(
        self, order_id: str, session_id: str | None, visitor_id: str | None, moment: datetime
    ) -> Session | None:
        """The session with the order's session id; else that of an event with the order's id (conversion events first,
        then the nearest in whole seconds); else the visitor's latest session that had started and whose last activity
        is within the timeout. Ties: the smallest id.
        """
        if session_id in self._by_id:
            return _piece_at(_one_session(self._by_id[session_id], visitor_id), moment)
        if order_id in self._naming:
            return min(self._naming[order_id], key=lambda named: (*_distance(named[0], moment), named[1].number))[1]
        around = [
            session
            for session in self._by_visitor.get(visitor_id or "", [])
            if session.started_at <= moment <= (session.ended_at or session.started_at) + self._timeout
        ]
        return max(around, key=lambda session: (session.started_at, -session.number), default=None)


def _distance(event: Row, moment: datetime) -> tuple[bool, int]:
    return event["event_type"] not in CONVERSIONS, int(abs(event["occurred_at"] - moment) / timedelta(seconds=1))


def _one_session(pieces: list[Session], visitor_id: str | None) -> list[Session]:
    """Among sessions with the same id: the one of the order's visitor, else the one with a row, else the first."""
    visitors = {piece.visitor_id for piece in pieces}
    first = min(pieces, key=lambda piece: (piece.row is None, piece.started_at, piece.visitor_id))
    chosen = visitor_id if visitor_id in visitors else first.visitor_id
    return [piece for piece in pieces if piece.visitor_id == chosen]


def _piece_at(pieces: list[Session], moment: datetime) -> Session:
    begun = [piece for piece in pieces if piece.started_at <= moment]
    return begun[-1] if begun else pieces[0]
