"""Shopper types, preferences, tags and clusters."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.churn import profiles
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.service import band_of
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.shopper_types import (
    PreferenceSignals,
    discounted_orders,
    measures,
    people_sessions,
    preference_signals,
    ranked,
    top_categories,
    type_of,
    type_scores,
)
from shopper.crosscheck.table_diff import keyed

_SCORED: Final = ("simplifier", "surfer", "connector", "bargainer", "routiner", "sportster")
_SHARES: Final = (
    "pages_per_session", "seconds_per_session", "orders_per_session", "social_session_share", "price_sort_share",
    "discounted_order_share", "leisure_view_share", "visit_gap_variation", "days_since_first_visit",
)  # fmt: skip
_ASPECTS: Final = frozenset({"quality", "price", "logistics", "service"})


def _as_of(shop: Shop) -> date:
    assert shop.staged.period.as_of_date
    return shop.staged.period.as_of_date


def _types(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "sessions",
        "sessions_with_events",
        "page_views",
        "duration_seconds",
        "orders",
        "discounted_orders",
        "categories_viewed",
        *_SHARES,
        "shopper_type",
        *(f"{name}_score" for name in _SCORED),
    )
    rules, types = reader.rows("shopper_type_rules", "reference"), reader.rows("shopper_types", "reference")
    leisure = {(row["page_type"], row["category"]) for row in reader.rows("leisure_categories", "reference")}
    social = None
    if shop.tells_sources:
        social = {row["channel"] for row in reader.rows("channels", "reference") if row["is_social"]}
    discounted = discounted_orders(shop)
    expected: Rows = {}
    for person, sessions in people_sessions(shop).items():
        measured = measures(shop, person, sessions, leisure, discounted, social, _as_of(shop))
        scores = type_scores(measured, rules)
        expected[person] = (
            len(sessions), sum(one.has_events for one in sessions), sum(one.page_views or 0 for one in sessions),
            sum(one.duration_seconds or 0 for one in sessions),
            int(measured["orders"] or 0), len(discounted & _orders_of(shop, person)),
            _whole(measured["categories_viewed"]),
            *(_float(measured[name]) for name in _SHARES), type_of(scores, types),
            *(_float(scores.get(name)) for name in _SCORED),
        )  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_shopper_types"), ["person_id"], columns)


def _orders_of(shop: Shop, person: str) -> set[str]:
    """The valid orders of a person."""
    return {order.order_id for order in shop.customers[person].orders} if person in shop.customers else set()


def _whole(value: Fraction | None) -> int | None:
    return None if value is None else int(value)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _summary(shop: Shop, reader: Reader) -> Sides:
    """People, pages and orders by the types in the mart: each person has one type."""
    kinds = {row["person_id"]: row["shopper_type"] for row in reader.rows("customer_shopper_types")}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for person, sessions in people_sessions(shop).items():
        tally = counts[kinds.get(person, "missing")]
        tally["people"] += 1
        tally["sessions"] += len(sessions)
        tally["page_views"] += sum(one.page_views or 0 for one in sessions)
        tally["duration_seconds"] += sum(one.duration_seconds or 0 for one in sessions)
        tally["orders"] += len(shop.customers[person].orders) if person in shop.customers else 0
    all_people = sum(tally["people"] for tally in counts.values())
    columns = ("people", "sessions", "page_views", "duration_seconds", "orders", "people_share")
    expected: Rows = {
        name: (
            tally["people"], tally["sessions"], tally["page_views"], tally["duration_seconds"], tally["orders"],
            tally["people"] / all_people,
        )
        for name, tally in counts.items()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("shopper_type_summary", where="people > 0"), ["shopper_type"], columns)


def _preferences(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "views", "carts", "orders", "spend", "affinity_score", "preference_rank", "discount_share", "median_gap_days",
        "median_decision_days",
    )  # fmt: skip
    points = {row["signal"]: int(row["points"]) for row in reader.rows("preference_weights", "reference")}
    groups: dict[tuple[str, str], dict[str, PreferenceSignals]] = defaultdict(dict)
    for (customer, kind, value), one in preference_signals(shop).items():
        groups[customer, kind][value] = one
    expected: Rows = {}
    for (customer, kind), of_kind in groups.items():
        for value, (affinity, rank) in ranked(of_kind, points).items():
            one = of_kind[value]
            expected[customer, kind, value] = (
                len(one.views), one.carts, len(one.orders), one.spend, _float(affinity), rank,
                one.discount_share, _float(one.median_gap_days), _float(one.median_decision_days(shop)),
            )  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_preferences"), ["customer_id", "kind", "value"], columns)


def _composites(shop: Shop, reader: Reader) -> Sides:
    levels = sorted(reader.rows("spending_levels", "reference"), key=lambda row: row["spend_from"])
    places, regions, top = profiles(shop, "city"), profiles(shop, "region"), top_categories(shop)
    expected: Rows = {}
    for name, one in shop.customers.items():
        place = places.get(name) or regions.get(name)
        if place and name in top and name != UNKNOWN:
            months = max(Fraction(1), Fraction(16 * (_as_of(shop) - one.first_order_date).days, 487))
            spend = max(floor(Fraction(one.net_revenue_after_refunds) / months * 100 + Fraction(1, 2)), 0)
            level = [row["spending_level"] for row in levels if spend >= 100 * row["spend_from"]][-1]
            expected[name] = (f"{place}-{top[name]}-{level}",)
    return (
        ("tag",),
        expected,
        keyed(reader.rows("customer_tags", where="tag_group = 'composite'"), ["customer_id"], ("tag",)),
    )


def _dissatisfied(shop: Shop, reader: Reader) -> Sides:
    """Negative statements by customer and tag. A low answer is one in the band `dissatisfied`."""
    identities, rows = shop.staged.identities, shop.staged.rows
    owners = {order.order_id: order.customer_id for order in shop.orders}
    aspects = {row["topic"]: row["aspect"] for row in reader.rows("complaint_topics", "reference")}
    bands = reader.rows("satisfaction_bands", "reference")
    signs: Counter[tuple[str, str]] = Counter()

    def add(row: dict[str, Any], tag: str) -> None:
        owner = identities.customer(row["customer_id"]) or owners.get(row["order_id"])
        if owner and owner != UNKNOWN:
            signs[owner, tag] += 1

    for row in rows["survey_responses"]:
        if (
            row["survey_type"] == "csat"
            and row["aspect"] in _ASPECTS
            and band_of("csat", row["score"], bands) == "dissatisfied"
        ):
            add(row, f"negative_about_{row['aspect']}")
    for row in rows["support_tickets"]:
        if row["is_complaint"]:
            add(row, "complained")
            if (row["topic"] or "").lower() in aspects:
                add(row, f"negative_about_{aspects[row['topic'].lower()]}")
    for row in rows["reviews"]:
        if band_of("rating", row["rating"], bands) == "dissatisfied":
            add(row, "wrote_a_bad_review")
    expected: Rows = {key: (count,) for key, count in signs.items()}
    where = "tag like 'negative_about_%' or tag in ('complained', 'wrote_a_bad_review')"
    return (
        ("measured",),
        expected,
        keyed(reader.rows("customer_tags", where=where), ["customer_id", "tag"], ("measured",)),
    )


def _clusters(shop: Shop, reader: Reader) -> Sides:
    """Every buyer is in one cluster, and the sizes match."""
    columns = ("orders", "days_since_last_order", "is_numbered")
    rows = reader.rows("customer_clusters")
    sizes = Counter(row["cluster"] for row in rows)
    actual: Rows = {
        row["customer_id"]: (
            row["orders"], row["days_since_last_order"],
            1 <= row["cluster"] <= row["clusters"] and row["cluster_customers"] == sizes[row["cluster"]],
        )
        for row in rows
    }  # fmt: skip
    expected: Rows = {
        name: (len(one.orders), (_as_of(shop) - one.last_order_date).days, True)
        for name, one in shop.customers.items()
        if one.orders and name != UNKNOWN
    }
    return columns, expected, actual


CHECKS: Final = (
    Check("shopper types", "measures, scores and type", "marts", "customer_shopper_types", _types),
    Check("shopper types", "types add up", "marts", "shopper_type_summary", _summary),
    Check("shopper types", "categories and brands", "marts", "customer_preferences", _preferences, "spend"),
    Check("shopper types", "composite tags", "marts", "customer_tags", _composites),
    Check("shopper types", "tags of the dissatisfied", "marts", "customer_tags", _dissatisfied),
    Check("shopper types", "every buyer's cluster", "marts", "customer_clusters", _clusters),
)
