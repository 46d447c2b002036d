"""Truths of visits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from shopper.generate.churn import ACTIVE_DAYS, CHURN_DAYS, cutoffs
from shopper.generate.clock import local_hour, weekday
from shopper.generate.raw_shop import Customer, RawShop, Visit

_STEPS: Final = (
    frozenset({"product_view"}),
    frozenset({"add_to_cart", "buy_now"}),
    frozenset({"begin_checkout", "buy_now"}),
    frozenset({"place_order", "purchase"}),
    frozenset({"pay_order", "purchase"}),
)


def devices(shop: RawShop, _: Path) -> dict[str, float]:
    """Mobile share, time per page and paid rate by operating system, desktop orders."""
    people = [visit for visit in shop.visits if not visit.is_bot]
    typed = [visit for visit in people if visit.row["device_type"]]
    by_system = {
        system: [visit for visit in people if visit.row["operating_system"] == system] for system in ("iOS", "Android")
    }
    pace = {
        system: sum(v.seconds for v in visits) / sum(len(v.views) for v in visits)
        for system, visits in by_system.items()
    }
    paid = {
        system: sum(any(o.is_valid for o in v.orders) for v in visits) / len(visits)
        for system, visits in by_system.items()
    }
    orders = {
        device: [o for v in people if v.row["device_type"] == device for o in v.orders if o.is_valid]
        for device in ("desktop", "mobile")
    }
    mean = {device: sum(float(order.net) for order in many) / len(many) for device, many in orders.items()}
    at_work = [o for o in orders["desktop"] if weekday(o.day) < 5 and 9 <= local_hour(o.placed_at) < 18]
    return {
        "mobile_share": sum(visit.row["device_type"] == "mobile" for visit in typed) / len(typed),
        "ios_stay_ratio": pace["iOS"] / pace["Android"],
        "android_paid_ratio": paid["Android"] / paid["iOS"],
        "desktop_aov_ratio": mean["desktop"] / mean["mobile"],
        "desktop_office_share": len(at_work) / len(orders["desktop"]),
    }


def funnel(shop: RawShop, _: Path) -> dict[str, float]:
    """Loss of the step from product to cart; 1 if another step loses more."""
    depths = [_reached(visit) for visit in shop.visits if not visit.is_bot]
    counts = [len(depths), *(sum(depth >= step for depth in depths) for step in range(1, 6))]
    losses = [1 - after / before for before, after in pairwise(counts)]
    worst = max(losses)
    return {"cart_loss": losses[1] if losses[1] == worst else 1.0}


def _reached(visit: Visit) -> int:
    """Number of required steps reached in order, after the visit itself."""
    reached, since = 0, -1
    for kinds in _STEPS:
        moments = [at for at, kind, _ in visit.events if kind in kinds and at >= since]
        if not moments:
            break
        since = min(moments)
        reached += 1
    return reached


def pages(shop: RawShop, _: Path) -> dict[str, float]:
    """Load times and recommendations."""
    tally = {True: [0, 0], False: [0, 0]}
    shown: dict[bool, list[bool]] = {True: [], False: []}
    for visit in (one for one in shop.visits if not one.is_bot):
        for at, kind, row in visit.events:
            if kind == "recommendation_impression" and row["anchor_product_id"]:
                is_like = shop.category(row["product_id"]) == shop.category(row["anchor_product_id"])
                shown[is_like].append(any(k in ("add_to_cart", "buy_now") and t >= at for t, k, _row in visit.events))
        views = visit.views
        for place, (_at, _kind, row) in enumerate(views):
            if row["page_load_ms"] and visit.row["device_type"] == "mobile":
                counts = tally[int(row["page_load_ms"]) > 3_000]
                counts[0] += 1
                counts[1] += place == len(views) - 1
    rates = {is_like: sum(carts) / len(carts) for is_like, carts in shown.items()}
    return {
        "slow_page_exit_rate": tally[True][1] / tally[True][0],
        "quick_page_exit_rate": tally[False][1] / tally[False][0],
        "off_category_cart_ratio": rates[False] / rates[True],
    }


def signals(shop: RawShop, _: Path) -> dict[str, float]:
    """Churn with a signal relative to churn without one, over all cut-offs."""
    tally = {True: [0, 0], False: [0, 0]}
    for cutoff in cutoffs():
        for customer in shop.buyers:
            if any(cutoff - ACTIVE_DAYS < order.day <= cutoff for order in customer.orders):
                counts = tally[has_signal(customer, cutoff)]
                counts[0] += 1
                counts[1] += not any(cutoff < order.day <= cutoff + CHURN_DAYS for order in customer.orders)
    return {"churn_signal_lift": tally[True][1] / tally[True][0] / (tally[False][1] / tally[False][0])}


def has_signal(customer: Customer, cutoff: int) -> bool:
    """Whether there is a signal: a week without a visit, browsing time halved, or an open cart."""
    visits = [visit for visit in customer.visits if visit.day <= cutoff]
    silent = any(cutoff - 35 < one.day <= cutoff - 7 for one in visits) and not any(
        one.day > cutoff - 7 for one in visits
    )
    base = sum(one.seconds for one in visits if cutoff - 60 < one.day <= cutoff - 30)
    last = sum(one.seconds for one in visits if one.day > cutoff - 30)
    carts = [
        visit.day
        for visit in visits
        if cutoff - 37 <= visit.day <= cutoff - 7
        and any(kind in ("add_to_cart", "buy_now") for _, kind, _ in visit.events)
    ]
    is_open = any(not any(day <= order.day <= cutoff for order in customer.orders) for day in carts)
    return silent or (base > 0 and last <= 0.5 * base) or is_open


def types(shop: RawShop, _: Path) -> dict[str, float]:
    """Shares of surfers and simplifiers."""
    people: dict[str, list[Visit]] = defaultdict(list)
    for visit in shop.visits:
        if not visit.is_bot and visit.events:
            people[visit.person].append(visit)
    orders = Counter(order.customer for order in shop.valid)
    kinds = {person: shopper_type(visits, orders[person], shop) for person, visits in people.items()}
    surfers = [person for person, kind in kinds.items() if kind == "surfer"]
    seconds = {person: sum(visit.seconds for visit in visits) for person, visits in people.items()}
    pages = {person: sum(len(visit.views) for visit in visits) for person, visits in people.items()}
    simple = sum(orders[person] for person, kind in kinds.items() if kind == "simplifier")
    return {
        "surfer_share": len(surfers) / len(people),
        "surfer_time_share": sum(seconds[person] for person in surfers) / sum(seconds.values()),
        "surfer_page_ratio": sum(pages[person] for person in surfers)
        / len(surfers)
        / (sum(pages.values()) / len(people)),
        "simplifier_order_share": simple / sum(orders[person] for person in people),
    }


def shopper_type(visits: Sequence[Visit], orders: int, shop: RawShop) -> str:
    """The shopper type (only the two in the truths), by simple thresholds on a person's behaviour."""
    pages = sum(len(visit.views) for visit in visits)
    categories = {
        shop.category(row["product_id"]) for visit in visits for _, kind, row in visit.events if kind == "product_view"
    }
    if pages / len(visits) >= 8 and len(categories) >= 4 and orders <= len(visits) / 2:
        return "surfer"
    discounted = sum(order.row["promotion_code"] is not None for visit in visits for order in visit.orders)
    is_short = sum(visit.seconds for visit in visits) / pages < 17 and pages / len(visits) <= 4.5
    if orders and is_short and discounted <= 0.4 * orders:
        return "simplifier"
    return "other"


def hours(shop: RawShop, _: Path) -> dict[str, float]:
    """The first of the two most active hours, by gender."""
    result = {}
    for name, gender in (("women_best_hour", "female"), ("men_best_hour", "male")):
        counts = Counter(
            visit.hour
            for customer in shop.customers
            if customer.row.get("gender") == gender
            for visit in customer.visits
        )
        result[name] = float(max(range(23), key=lambda hour: counts[hour] + counts[hour + 1]))
    return result
