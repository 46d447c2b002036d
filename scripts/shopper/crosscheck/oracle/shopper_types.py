"""Shopper types, and preferences for categories and brands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from statistics import median
from typing import Any, Final

from shopper.crosscheck.oracle.identity import UNKNOWN, VISITOR_PREFIX
from shopper.crosscheck.oracle.money import ZERO, total
from shopper.crosscheck.oracle.orders import Line, Order
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import ADDS, Visit, page_of, second

KINDS: Final = ("category", "brand")
_BY_PRICE: Final = frozenset({"price_asc", "price_desc"})


def four_places(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """The share of a part in the whole, rounded half up to four places; None if the whole is 0."""
    return Fraction(floor(Fraction(part) / whole * 10_000 + Fraction(1, 2)), 10_000) if whole else None


def person_of(session: Session) -> str:
    """The customer of a session, else its visitor."""
    return session.customer_id or VISITOR_PREFIX + session.visitor_id


def people_sessions(shop: Shop) -> dict[str, list[Session]]:
    """Sessions by person, without bots."""
    found: dict[str, list[Session]] = defaultdict(list)
    for session in shop.sessions:
        if not session.is_bot:
            found[person_of(session)].append(session)
    return found


def customers_of(shop: Shop) -> set[str]:
    """Every customer identified in a session or with an order, valid or not."""
    known = {session.customer_id for session in shop.sessions if session.customer_id}
    return (known | {order.customer_id for order in shop.orders}) - {UNKNOWN}


def discounted_orders(shop: Shop) -> set[str]:
    """Valid orders with a promotion code or a discount."""
    codes = {
        row["order_id"]
        for table in ("orders", "order_discounts")
        for row in shop.staged.rows[table]
        if row["promotion_code"] is not None
    }
    return {
        order.order_id
        for order in shop.orders
        if order.is_valid and (order.order_id in codes or order.item_discount_amount + order.order_discount_amount > 0)
    }


def measures(
    shop: Shop,
    person: str,
    sessions: Sequence[Session],
    leisure: set[tuple[str, str]],
    discounted: set[str],
    social: set[str] | None,
    as_of: date,
) -> dict[str, Fraction | None]:
    """The measures that the rules of shopper types use, for one person. None if unknown. `social`: channels that count
    as social; None if visits tell no source.
    """
    products = {row["product_id"]: row for row in shop.staged.rows["products"]}
    views = [event for session in sessions for event in Visit(session).views]
    lists = [event for event in views if page_of(event) in ("category", "search")]
    seen = [(page_of(event), products.get(event["product_id"], {}).get("category"), event["topic"]) for event in views]
    topics = [(page, topic if page == "content" else category) for page, category, topic in seen]
    known = [session for session in sessions if session.has_events]
    orders = shop.customers[person].orders if person in shop.customers else []
    days = sorted({session.session_date for session in sessions})
    gaps = [(b - a).days for a, b in pairwise(days)]
    return {
        "sessions": Fraction(len(sessions)),
        "orders": Fraction(len(orders)),
        "pages_per_session": four_places(len(views), len(known)),
        "seconds_per_session": four_places(sum(session.duration_seconds or 0 for session in known), len(known)),
        "orders_per_session": four_places(len(orders), len(sessions)),
        "categories_viewed": Fraction(len({c for page, c, _ in seen if page == "product" and c is not None}))
        if known and products
        else None,
        "social_session_share": None
        if social is None
        else four_places(sum(one.own_channel in social for one in sessions), len(sessions)),
        "price_sort_share": four_places(sum(event["sort_order"] in _BY_PRICE for event in views), len(lists)),
        "discounted_order_share": four_places(sum(order.order_id in discounted for order in orders), len(orders)),
        "leisure_view_share": four_places(
            sum((page, (what or "").lower()) in leisure for page, what in topics), len(views)
        )
        if products
        else None,
        "visit_gap_variation": four_places(len(gaps) * sum(gap * gap for gap in gaps) - sum(gaps) ** 2, sum(gaps) ** 2)
        if len(gaps) >= 2
        else None,
        "days_since_first_visit": Fraction((as_of - days[0]).days),
    }


def type_scores(measured: Mapping[str, Fraction | None], rules: Iterable[Row]) -> dict[str, Fraction]:
    """Score by shopper type, from 0 to 100, rounded to four places. A type has none if no measure of it is known."""
    parts: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    known = set()
    for rule in rules:
        value, none_at, full_at = measured[rule["measure"]], Fraction(rule["none_at"]), Fraction(rule["full_at"])
        if value is not None:
            known.add(rule["shopper_type"])
        gone = (
            Fraction(0)
            if value is None
            else min(max((value - none_at) / (full_at - none_at), Fraction(0)), Fraction(1))
        )
        parts[rule["shopper_type"]].append((Fraction(rule["weight"]), four_places(gone, 1) or Fraction(0)))
    return {
        name: four_places(100 * sum(weight * way for weight, way in of_type), sum(weight for weight, _ in of_type))
        or Fraction(0)
        for name, of_type in parts.items()
        if name in known
    }


def type_of(scores: Mapping[str, Fraction], types: Iterable[Row]) -> str:
    """The type with the highest sufficient score, ties by priority; else `undecided`."""
    enough = [
        (-scores[row["shopper_type"]], row["priority"], row["shopper_type"])
        for row in types
        if row["shopper_type"] in scores and scores[row["shopper_type"]] >= row["score_from"]
    ]
    return min(enough)[2] if enough else "undecided"


@dataclass
class PreferenceSignals:
    """Signals of a customer's preference for a category or brand. `orders`: spend, gross and discount of its lines."""

    views: list[datetime] = field(default_factory=list)
    carts: int = 0
    orders: list[tuple[Order, Decimal, Decimal, Decimal]] = field(default_factory=list)

    @property
    def spend(self) -> Decimal:
        return total(spend for _, spend, _, _ in self.orders)

    @property
    def discount_share(self) -> float | None:
        gross = total(amount for _, _, amount, _ in self.orders)
        return float(Fraction(total(part for _, _, _, part in self.orders)) / Fraction(gross)) if gross else None

    @property
    def median_gap_days(self) -> Fraction | None:
        days = sorted({order.order_date for order, _, _, _ in self.orders})
        gaps = [Fraction((b - a).days) for a, b in pairwise(days)]
        return median(gaps) if gaps else None

    def median_decision_days(self, shop: Shop) -> Fraction | None:
        """Median days from the first view since the previous order to the order. A view in the same second counts."""
        moments = sorted({second(order.ordered_at) for order, _, _, _ in self.orders})
        found = []
        for before, moment in zip([None, *moments], moments, strict=False):
            between = [view for view in self.views if (before is None or view > before) and view <= moment]
            if between:
                local = shop.staged.settings.local_date
                found.append(Fraction((local(moment) - local(min(between))).days))
        return median(found) if found else None


def preference_signals(shop: Shop) -> dict[tuple[str, str, str], PreferenceSignals]:
    """Preference signals by customer, kind (category or brand) and value."""
    products = {row["product_id"]: row for row in shop.staged.rows["products"]}
    customers, found = customers_of(shop), defaultdict[tuple[str, str, str], PreferenceSignals](PreferenceSignals)
    for person, sessions in people_sessions(shop).items():
        for event in (event for session in sessions for event in session.events if person in customers):
            values = [(kind, products.get(event["product_id"], {}).get(kind)) for kind in KINDS]
            for one in (
                found[person, kind, value] for kind, value in values if value is not None and _shows_interest(event)
            ):
                if event["event_type"] in ADDS:
                    one.carts += 1
                else:
                    one.views.append(second(event["occurred_at"]))
    for order in (order for order in shop.orders if order.is_valid and order.customer_id != UNKNOWN):
        for kind in KINDS:
            by_value: dict[str, list[Line]] = defaultdict(list)
            for line in order.lines:
                value = products.get(line.product_id, {}).get(kind)
                if value is not None:
                    by_value[value].append(line)
            for value, lines in by_value.items():
                found[order.customer_id, kind, value].orders.append(
                    (
                        order,
                        total(line.net_revenue for line in lines),
                        total(line.gross_amount for line in lines),
                        total(line.item_discount_amount + line.order_discount_amount for line in lines),
                    )
                )
    return found


def _shows_interest(event: Row) -> bool:
    """Whether the event is a cart addition or a view of the product's page."""
    return event["event_type"] in ADDS or (event["is_view"] and page_of(event) == "product")


def ranked(
    of_kind: Mapping[str, PreferenceSignals], points: Mapping[str, int]
) -> dict[str, tuple[Fraction | None, int]]:
    """Affinity (0 to 100) and rank by value, for one customer and kind."""
    own = {
        value: len(one.views) * points["view"] + one.carts * points["cart"] + len(one.orders) * points["order"]
        for value, one in of_kind.items()
    }
    whole = sum(own.values())
    order = sorted(own, key=lambda value: (-own[value], -of_kind[value].spend, -len(of_kind[value].orders), value))
    return {value: (Fraction(100 * own[value], whole) if whole else None, order.index(value) + 1) for value in own}


def top_categories(shop: Shop) -> dict[str, str]:
    """The category with the highest spend by customer; ties by number of lines, then by name."""
    products = {row["product_id"]: row for row in shop.staged.rows["products"]}
    spent: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(lambda: [ZERO, 0]))
    for order in (order for order in shop.orders if order.is_valid and order.customer_id != UNKNOWN):
        for line in order.lines:
            category = products.get(line.product_id, {}).get("category")
            if category is not None and line.quantity > 0:
                spent[order.customer_id][category][0] += line.net_revenue
                spent[order.customer_id][category][1] += 1
    return {
        name: min(of_one, key=lambda category: (-of_one[category][0], -of_one[category][1], category))
        for name, of_one in spent.items()
    }
