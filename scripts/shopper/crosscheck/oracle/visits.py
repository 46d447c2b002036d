"""Visits event by event: pages, searches, recommendations, content and landing pages; and payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from shopper.crosscheck.oracle.funnel import read_steps, session_moments
from shopper.crosscheck.oracle.money import ZERO, product
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.urls import path_of

ADDS: Final = frozenset({"add_to_cart", "buy_now"})
_PAGES: Final = {"category_view": "category", "product_view": "product", "search": "search"}


def second(moment: datetime) -> datetime:
    """A timestamp cut to the second. Events within one second count as simultaneous."""
    return moment.replace(microsecond=0)


@dataclass
class Visit:
    """A session without bots, with its events and orders. `ends`: the last second of each funnel step, by name."""

    session: Session
    orders: list[Order] = field(default_factory=list)
    ends: dict[str, datetime] = field(default_factory=dict)
    is_covered: Callable[[datetime], bool] = field(default=lambda _moment: True)

    @property
    def month(self) -> date:
        return month_of(self.session.session_date)

    @property
    def events(self) -> list[Row]:
        return self.session.events

    @property
    def views(self) -> list[Row]:
        return [event for event in self.events if event["is_view"]]

    @property
    def valid_orders(self) -> list[Order]:
        return [order for order in self.orders if order.is_valid]

    def is_last_view(self, event: Row) -> bool:
        return bool(self.views) and self.views[-1] is event

    def views_after(self, moment: datetime) -> bool:
        """Whether a page was viewed in a later second."""
        return any(second(view["occurred_at"]) > second(moment) for view in self.views)

    def comes_to(self, step: str, moment: datetime) -> bool:
        """Whether the funnel step happened in that second or later."""
        return step in self.ends and self.ends[step] >= second(moment)

    def buys_after(self, moment: datetime) -> bool:
        return any(second(order.ordered_at) >= second(moment) for order in self.valid_orders)

    def knows_orders_after(self, moment: datetime) -> bool:
        """Whether a purchase after the moment would be known: orders cover its day, or there is one."""
        return self.buys_after(moment) or self.is_covered(moment)

    def adds_after(self, product_id: str | None, moment: datetime) -> bool:
        """Whether the product was added to the cart in that second or later."""
        return product_id is not None and any(
            event["event_type"] in ADDS
            and event["product_id"] == product_id
            and second(event["occurred_at"]) >= second(moment)
            for event in self.events
        )


def visits(shop: Shop, steps: Iterable[Row]) -> list[Visit]:
    """Every visit. `steps` are the rows of the seed funnel_steps."""
    purchase = read_steps(steps)
    placed = shop.placed_orders()
    found = []

    def is_covered(moment: datetime) -> bool:
        return shop.coverage.holds(shop.staged.settings.local_date(moment), "orders")

    for session in shop.sessions:
        if not session.is_bot:
            visit = Visit(session, placed.get(session.number, []), is_covered=is_covered)
            moments = session_moments(session, visit.orders, purchase)
            visit.ends = {step.name: second(moments[step.number][-1]) for step in purchase if moments[step.number]}
            found.append(visit)
    return found


def page_of(event: Row) -> str:
    """The page type of an event."""
    return _PAGES.get(event["event_type"]) or event["page_type"] or "unknown"


Counts = dict[Hashable, "Tally"]


class Tally(defaultdict[str, Any]):
    """Counts by name, 0 by default. A session is counted once."""

    def __init__(self) -> None:
        super().__init__(int)
        self._sessions: set[int] = set()

    def add_session(self, visit: Visit) -> None:
        self._sessions.add(visit.session.number)
        self["sessions"] = len(self._sessions)

    def share(self, part: str, whole: str) -> float | None:
        return self[part] / self[whole] if self[whole] else None


def page_paths(people: Iterable[Visit]) -> dict[tuple[date, str, str], int]:
    """Moves by month, page type and next page type. Sessions start at `entry` and end at `exit`."""
    moves: dict[tuple[date, str, str], int] = defaultdict(int)
    for visit in people:
        pages = [page_of(view) for view in visit.views]
        if pages:
            for one, other in zip(["entry", *pages], [*pages, "exit"], strict=True):
                moves[visit.month, one, other] += 1
    return dict(moves)


def _landing_path(session: Session) -> str:
    """Path of the landing page in the session row, else of the first viewed page; `unknown` without a URL."""
    viewed = next((event["page_url"] for event in session.events if event["is_view"]), None)
    path = path_of(session.arrived("landing_page_url") or viewed)
    return (path.rstrip("/") or "/") if path else "unknown"


def landing_pages(people: Iterable[Visit]) -> Counts:
    """Sessions by month, landing page, channel and paid search term."""
    found: dict[Hashable, Tally] = defaultdict(Tally)
    for visit in people:
        session = visit.session
        term = (session.campaign["utm_term"] or "(not set)").lower()
        key = (visit.month, _landing_path(session), session.channel, term)
        tally = found[key]
        tally["sessions"] += 1
        tally["sessions_with_events"] += session.has_events
        tally["bounces"] += bool(session.is_bounce)
        tally["cart_sessions"] += session.has_events and "cart" in visit.ends
        tally["converting_sessions"] += bool(visit.valid_orders)
        tally["sessions_on_common_days"] += bool(visit.valid_orders) or visit.is_covered(session.started_at)
        tally["net_revenue"] = sum((order.net_revenue for order in visit.valid_orders), tally["net_revenue"] or ZERO)
    for tally in found.values():
        if not tally["sessions_on_common_days"]:
            tally["converting_sessions"] = tally["net_revenue"] = None
    return dict(found)


@dataclass(frozen=True)
class Search:
    """A search, and what followed before the next search of the session."""

    visit: Visit
    event: Row
    is_clicked: bool

    @property
    def is_exit(self) -> bool:
        return self.visit.is_last_view(self.event) and not self.is_clicked


def searches(people: Iterable[Visit]) -> list[Search]:
    """Every search."""
    found = []
    for visit in people:
        places = [
            place
            for place, event in enumerate(visit.events)
            if event["event_type"] == "search" and not event["is_repeat"]
        ]
        for place, following in zip(places, [*places[1:], len(visit.events)], strict=False):
            is_clicked = any(_opens_product(event) for event in visit.events[place + 1 : following])
            found.append(Search(visit, visit.events[place], is_clicked))
    return found


def _opens_product(event: Row) -> bool:
    is_page = event["event_type"] == "page_view" and event["page_type"] == "product"
    return is_page or event["event_type"] == "product_view" or event["event_type"] in ADDS


def search_terms(people: Iterable[Visit]) -> Counts:
    """Searches by month and term."""
    found: dict[Hashable, Tally] = defaultdict(Tally)
    for search in searches(people):
        event, visit = search.event, search.visit
        term = event["search_term"]
        tally = found[visit.month, term.lower() if term else "(not set)"]
        tally.add_session(visit)
        tally["searches"] += 1
        tally["searches_with_count"] += event["search_result_count"] is not None
        tally["zero_result_searches"] += event["search_result_count"] == 0
        tally["clicked_searches"] += search.is_clicked
        tally["converted_searches"] += visit.buys_after(event["occurred_at"])
        tally["searches_on_common_days"] += visit.knows_orders_after(event["occurred_at"])
        tally["exits"] += search.is_exit
    return dict(found)


def is_off_category(event: Row, categories: Mapping[str, str | None]) -> bool | None:
    """Whether a recommendation has another category than its anchor product; None if one is unknown."""
    shown, anchor = categories.get(event["product_id"] or ""), categories.get(event["anchor_product_id"] or "")
    return None if shown is None or anchor is None else shown != anchor


def recommendation_performance(people: Iterable[Visit], categories: Mapping[str, str | None]) -> Counts:
    """Recommendation impressions by month and slot."""
    found: dict[Hashable, Tally] = defaultdict(Tally)
    first_shown: dict[tuple[date, str, int], tuple[datetime, Visit]] = {}
    for visit in people:
        clicked = _clicked(visit)
        for event in visit.events:
            if event["event_type"] != "recommendation_impression":
                continue
            slot, moment = event["placement"] or "unknown", event["occurred_at"]
            tally = found[visit.month, slot]
            tally.add_session(visit)
            first_shown.setdefault((visit.month, slot, visit.session.number), (second(moment), visit))
            is_off = is_off_category(event, categories)
            facts = {
                "impressions": True,
                "clicked": event["event_id"] in clicked,
                "carted": visit.comes_to("cart", moment),
            }
            for name, holds in facts.items():
                tally[name] += holds
                tally["off_category_" + name] += holds and is_off is True
                tally["same_category_" + name] += holds and is_off is False
            tally["compared_impressions"] += is_off is not None
            tally["product_carted"] += visit.adds_after(event["product_id"], moment)
    for (month, slot, _number), (moment, visit) in first_shown.items():
        after = [order for order in visit.valid_orders if order.ordered_at >= moment]
        found[month, slot]["orders"] += len(after)
        found[month, slot]["net_revenue"] += sum((order.net_revenue for order in after), ZERO)
    return dict(found)


def _clicked(visit: Visit) -> set[str]:
    """Event ids of the recommendations clicked: each click takes the last one shown before it that is still open.

    Within a second, what was shown comes first.
    """
    kinds = ("recommendation_impression", "recommendation_click")
    shown: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    clicked = set()
    events = [event for event in visit.events if event["event_type"] in kinds and event["product_id"] is not None]
    for event in sorted(events, key=lambda event: (second(event["occurred_at"]), kinds.index(event["event_type"]))):
        open_ones = shown[event["product_id"], event["placement"]]
        if event["event_type"] == kinds[0]:
            open_ones.append(event["event_id"])
        elif open_ones:
            clicked.add(open_ones.pop())
    return clicked


def content_performance(people: Iterable[Visit]) -> Counts:
    """Views of content by month and category."""
    found: dict[Hashable, Tally] = defaultdict(Tally)
    for visit in people:
        for view in visit.views:
            if view["topic"] is None and page_of(view) != "content":
                continue
            tally = found[visit.month, view["topic"] or "(not set)"]
            tally.add_session(visit)
            tally["views"] += 1
            tally["to_product_views"] += visit.comes_to("product", view["occurred_at"])
            tally["converted_views"] += visit.buys_after(view["occurred_at"])
            tally["views_on_common_days"] += visit.knows_orders_after(view["occurred_at"])
            tally["exits"] += visit.is_last_view(view)
    return dict(found)


def payment_outcome(status: str | None) -> str:
    """The outcome `succeeded` (also if refunded later) or `failed`, else `pending`."""
    return {"succeeded": "succeeded", "refunded": "succeeded", "failed": "failed"}.get(status or "", "pending")


def payment_methods(shop: Shop) -> Counts:
    """Payment attempts by month and method, without test orders."""
    found: dict[Hashable, Tally] = defaultdict(Tally)
    staged = shop.staged
    tests = {order.order_id for order in shop.orders if order.is_test}
    for row in staged.rows["payments"]:
        if row["order_id"] in tests:
            continue
        day = staged.settings.local_date(row["attempted_at"])
        tally = found[month_of(day), row["payment_method"] or "unknown"]
        outcome = payment_outcome(row["status"])
        tally["attempts"] += 1
        tally[outcome] += 1
        if outcome == "succeeded":
            tally["succeeded_without_amount"] += row["amount"] is None
            rate = staged.rates.on(row["currency"], day)
            tally["amount"] += product(row["amount"], rate or Decimal(1)) if row["amount"] is not None else ZERO
    return dict(found)
