"""Sessions that go on with what the visitor was doing: back from a payment, a sign-in or the shop's own site."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shopper.crosscheck.oracle.channels import ChannelRules
from shopper.crosscheck.oracle.sessions import CONVERSIONS, Session
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.urls import path_of

_DIRECT: Final = frozenset({"direct", "(direct)"})
_NO_MEDIUM: Final = frozenset({None, "none", "(none)", "(not set)"})
_NO_CAMPAIGN: Final = frozenset({None, "referral", "(referral)"})
_LEADS_TO_ORDER: Final = frozenset({"add_to_cart", "buy_now", "begin_checkout"})


@dataclass(frozen=True)
class CheckoutPages:
    """The seeds checkout_pages and event_type_roles: which pages and events belong to checkout, payment and sign-in."""

    rows: Sequence[Row]
    roles: Sequence[Row]

    def kind(self, url: str | None, page_type: str | None) -> Row | None:
        """The kind of page by its path, else by its type; None for any other page."""
        path = (path_of(url) or "").lower()
        by_path = [row for row in self._ordered() if path and re.fullmatch(row["path_pattern"], path)]
        by_type = [row for row in self.rows if page_type and row["page_type"] == page_type]
        return next(iter(by_path or by_type), None)

    def is_step(self, event: Row) -> bool:
        """Whether an event is a step of checkout, payment or sign-in, or is seen on such a page."""
        steps = {row["event_type"] for row in self.roles if row["is_checkout_step"]}
        return event["event_type"] in steps or self.kind(event["page_url"], event["page_type"]) is not None

    def _ordered(self) -> list[Row]:
        return sorted(self.rows, key=lambda row: int(row["priority"]))


def checkout_moments(
    rows: Mapping[str, list[Row]], visitors: Mapping[str, str], pages: CheckoutPages
) -> dict[str, list[datetime]]:
    """Times of checkout, payment and sign-in by visitor, sorted: events, orders and attempted payments.

    `visitors`: visitor by order.
    """
    found: dict[str, list[datetime]] = defaultdict(list)
    for event in rows["events"]:
        if pages.is_step(event):
            found[event["visitor_id"]].append(event["occurred_at"])
    renewals = {row["order_id"] for row in rows["orders"] if row["is_renewal"]}
    for table, column in (("orders", "ordered_at"), ("payments", "attempted_at")):
        for row in rows[table]:
            if row["order_id"] in visitors and row["order_id"] not in renewals:
                found[visitors[row["order_id"]]].append(row[column])
    return {visitor: sorted(moments) for visitor, moments in found.items()}


def mark_continuations(
    sessions: Sequence[Session],
    rules: ChannelRules,
    pages: CheckoutPages,
    moments: Mapping[str, list[datetime]],
    ordering: Collection[int],
    limit: timedelta,
) -> None:
    """Set goes_on of every session. Sessions are sorted by visitor and start, and their sources are known.

    `ordering`: numbers of the sessions that hold an order. `limit`: how long a visitor may be away.
    """
    before: Session | None = None
    for session in sessions:
        if before and before.visitor_id != session.visitor_id:
            before = None
        session.goes_on = session.is_later_piece or _goes_on(session, before, rules, pages, moments, ordering, limit)
        before = session


def _goes_on(
    session: Session,
    before: Session | None,
    rules: ChannelRules,
    pages: CheckoutPages,
    moments: Mapping[str, list[datetime]],
    ordering: Collection[int],
    limit: timedelta,
) -> bool:
    source = session.source
    assert source
    if rules.has_click(session):
        return False
    if source.medium != "referral":
        is_untagged = source.source in _DIRECT and source.medium in _NO_MEDIUM
        return is_untagged and rules.is_return(session)
    if source.source and rules.is_return_site(source.source):
        return True
    host = source.source or ""
    if source.campaign not in _NO_CAMPAIGN or "." not in host or rules.is_search(host):
        return False
    known = moments.get(session.visitor_id, [])
    place = bisect_left(known, session.started_at)
    if place and session.started_at - known[place - 1] <= limit:
        return True
    kind = pages.kind(session.landing_url, session.landing_type)
    if kind and kind["is_landing"] and (kind["page_kind"] != "checkout" or before):
        return True
    if before is None or session.started_at - (before.ended_at or before.started_at) > limit:
        return False
    is_sign_in = kind is not None and kind["page_kind"] == "sign_in"
    return is_sign_in or _opens_with_return(session.events) or (not session.events and session.number in ordering)


def _opens_with_return(events: Iterable[Row]) -> bool:
    """Whether an order, a payment or a sign-in comes before a second page view and anything that leads to an order."""
    views = 0
    for event in events:
        if event["event_type"] in CONVERSIONS | {"login"}:
            return True
        views += event["is_view"]
        if views > 1 or event["event_type"] in _LEADS_TO_ORDER:
            return False
    return False
