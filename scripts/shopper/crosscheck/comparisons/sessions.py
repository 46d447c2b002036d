"""Sessions and the funnel through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.funnel import read_steps
from shopper.crosscheck.oracle.money import total
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_SESSION_COLUMNS: Final = (
    "ended_at", "session_date", "customer_id", "channel", "page_views", "duration_seconds", "is_bounce",
    "is_new_visitor", "is_continuation", "is_bot", "orders", "net_revenue", "events", "interactions",
)  # fmt: skip


def _sessions(shop: Shop, reader: Reader) -> Sides:
    """Sessions by visitor, start, and number among simultaneous sessions, since derived ids differ from the model's."""
    placed = shop.session_orders()
    expected = _numbered(
        (
            session.visitor_id,
            session.started_at,
            session_cells(session, placed.get(session.number), shop.coverage.holds(session.session_date, "orders")),
        )
        for session in shop.sessions
    )
    actual = _numbered(
        (row["visitor_id"], row["started_at"], tuple(row[column] for column in _SESSION_COLUMNS))
        for row in reader.rows("sessions")
    )
    return _SESSION_COLUMNS, expected, actual


def session_cells(session: Session, placed: Sequence[Any] | None, is_covered: bool) -> tuple[Any, ...]:
    """The cells of a session, in the order of the compared columns. placed: its valid orders, None: it has none;
    is_covered: orders cover its day.
    """
    orders = placed or ([] if is_covered else None)
    return (
        session.ended_at, session.session_date, session.customer_id, session.channel, session.page_views,
        session.duration_seconds, session.is_bounce, session.is_new_visitor, session.is_continuation, session.is_bot,
        None if orders is None else len(orders),
        None if orders is None else total(order.net_revenue for order in orders),
        len(session.events) or None, session.interactions,
    )  # fmt: skip


def _numbered(rows: Iterable[tuple[Any, Any, tuple[Any, ...]]]) -> Rows:
    """Rows by the first two values and a running number that makes the key unique."""
    found: Rows = {}
    for first, second, cells in sorted(rows, key=repr):
        number = 1
        while (first, second, number) in found:
            number += 1
        found[first, second, number] = cells
    return found


def _funnel(shop: Shop, reader: Reader) -> Sides:
    columns = ("entered", "reached", "dropped", "reached_out_of_order")
    required = {step.number for step in read_steps(reader.rows("funnel_steps", "reference")) if step.is_required}
    keys = ("date", "scope", "step_number", "channel", "device_type", "operating_system", "visitor_type")
    expected = {
        (*key[:4], key[4] or "unknown", key[5] or "unknown", "new" if key[6] else "returning"): (
            count.entered, count.reached, count.dropped if key[2] in required else None, count.reached_out_of_order,
        )
        for key, count in shop.funnel.items()
    }  # fmt: skip
    marts = {"funnel_daily": {"scope": "session"}, "visitor_funnel_daily": {"scope": "visitor"}}
    actual = keyed(reader.together(marts, "funnel = 'purchase'"), keys, columns)
    return columns, _not_empty(expected), _not_empty(actual)


def _not_empty(rows: Rows) -> Rows:
    return {key: cells for key, cells in rows.items() if any(cells)}


_TRAFFIC: Final = (
    "sessions", "measured_sessions", "new_visitors", "bounces", "engaged_sessions", "converting_sessions", "page_views",
    "duration_seconds", "orders", "net_revenue",
)  # fmt: skip
_OF_VISITS: Final = ("channel", "source", "medium", "campaign")
_OF_DEVICES: Final = ("platform", "device_type", "operating_system", "region")


def _traffic(shop: Shop, reader: Reader) -> Sides:
    """The sessions of people, counted by day and by what the row says of them."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in reader.rows("sessions", where="not is_bot"):
        key = (
            row["session_date"], *(row[name] for name in _OF_VISITS), *(row[name] or "unknown" for name in _OF_DEVICES),
            "new" if row["is_new_visitor"] else "returning",
        )  # fmt: skip
        groups[key].append(row)
    has_events = bool(shop.staged.rows["events"])
    expected: Rows = {key: _counted(rows, has_events=has_events) for key, rows in groups.items()}
    keys = ("date", *_OF_VISITS, *_OF_DEVICES, "visitor_type")
    return _TRAFFIC, expected, keyed(reader.rows("session_traffic_daily"), keys, _TRAFFIC)


def _counted(rows: Sequence[Mapping[str, Any]], *, has_events: bool) -> tuple[Any, ...]:
    """The cells of a group of sessions. has_events: the shop lands events, so what no session has is 0."""
    known = {name: [row[name] for row in rows if row[name] is not None] for name in rows[0]}
    return (
        len(rows),
        len(known["page_views"]),
        sum(known["is_new_visitor"]),
        sum(known["is_bounce"]) if has_events else None,
        sum(known["is_engaged"]) if known["is_engaged"] else None,
        sum(orders > 0 for orders in known["orders"]) if known["orders"] else None,
        sum(known["page_views"]) if has_events else None,
        sum(known["duration_seconds"]) if has_events else None,
        sum(known["orders"]) if known["orders"] else None,
        total(known["net_revenue"]) if known["net_revenue"] else None,
    )


CHECKS: Final = (
    Check("sessions", "bounds, customer, channel, views, orders", "marts", "sessions", _sessions, "net_revenue"),
    Check("sessions", "counted by day and visit", "marts", "session_traffic_daily", _traffic, "net_revenue"),
    Check(
        "funnel",
        "both scopes by day, channel, device, visitor",
        "marts",
        "funnel_daily",
        _funnel,
        "reached",
        also=("visitor_funnel_daily",),
    ),
)
