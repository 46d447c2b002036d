"""Friction factors: exposures by month, factor and level, compared with the best level."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import Visit, is_off_category, page_of, payment_outcome, searches, second

QUANTILE: Final = 1.959963984540054


@dataclass(frozen=True)
class Exposure:
    """One exposure of a visit to a factor: the factor's value, whether the visit went on, whether it ended there."""

    visit: Visit
    factor: str
    value: Decimal
    goes_on: bool
    ends: bool
    product_id: str | None = None


@dataclass
class Level:
    """Exposures in a month at one level of a factor."""

    found: list[Exposure] = field(default_factory=list)

    @property
    def exposures(self) -> int:
        return len(self.found)

    @property
    def next_steps(self) -> int:
        return sum(one.goes_on for one in self.found)

    @property
    def exits(self) -> int:
        return sum(one.ends for one in self.found)

    @property
    def sessions(self) -> set[int]:
        return {one.visit.session.number for one in self.found}


def exposures(shop: Shop, people: Sequence[Visit]) -> Iterator[Exposure]:
    """Every exposure to every factor."""
    yield from _page_loads(people)
    yield from _product_pages(shop, people)
    yield from _checkouts(people)
    yield from _payments(shop, people)
    categories = {row["product_id"]: row["category"] for row in shop.staged.rows["products"]}
    for search in searches(people):
        if search.event["search_result_count"] is not None:
            results = Decimal(search.event["search_result_count"])
            yield Exposure(search.visit, "search_results", results, search.is_clicked, search.is_exit)
    for visit in people:
        for event in visit.events:
            is_off = is_off_category(event, categories)
            if event["event_type"] == "recommendation_impression" and is_off is not None:
                carted = visit.comes_to("cart", event["occurred_at"])
                ends = not carted and not visit.views_after(event["occurred_at"])
                yield Exposure(visit, "off_category_recommendation", Decimal(is_off), carted, ends, event["product_id"])


def _page_loads(people: Iterable[Visit]) -> Iterator[Exposure]:
    for visit in people:
        for view in visit.views:
            load = view["load_ms"]
            if load is None or load < 0:
                continue
            goes_on = visit.comes_to("order", view["occurred_at"])
            yield Exposure(visit, "page_load", Decimal(load), goes_on, visit.is_last_view(view))
            if visit.session.get("device_type") == "mobile":
                yield Exposure(visit, "mobile_page_load", Decimal(load), goes_on, visit.is_last_view(view))


def _product_pages(shop: Shop, people: Iterable[Visit]) -> Iterator[Exposure]:
    rows, settings = shop.staged.rows, shop.staged.settings
    products = {row["product_id"]: row for row in rows["products"]}
    reviews, snapshots = _by_product(rows["reviews"]), _by_product(rows["inventory_snapshots"])
    for visit in people:
        for view in visit.views:
            one, moment = view["product_id"], second(view["occurred_at"])
            if one is None or page_of(view) != "product":
                continue
            ratings = [row["rating"] for row in reviews.get(one, []) if second(row["reviewed_at"]) <= moment]
            stock = [
                row
                for row in snapshots.get(one, [])
                if row["snapshot_date"] <= settings.local_date(view["occurred_at"])
            ]
            values = {
                "product_images": products[one]["image_count"] if one in products else None,
                "product_description": products[one]["description_length"] if one in products else None,
                "product_rating": _mean_down(ratings) if ratings else None,
                "product_reviews": len(ratings) if rows["reviews"] else None,
                "stock": max(stock, key=lambda row: row["snapshot_date"])["on_hand_quantity"] if stock else None,
            }
            ends = visit.is_last_view(view) and not visit.comes_to("cart", moment)
            for factor, value in values.items():
                if value is not None:
                    amount = max(Decimal(value), Decimal(0))
                    yield Exposure(visit, factor, amount, visit.adds_after(one, moment), ends, one)


def _by_product(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["product_id"] is not None:
            found[row["product_id"]].append(row)
    return found


def _mean_down(ratings: Sequence[Decimal]) -> Decimal:
    """The mean, rounded down to three places."""
    return Decimal(int(1000 * sum(ratings, Decimal(0)) / len(ratings))) / 1000


def _checkouts(people: Iterable[Visit]) -> Iterator[Exposure]:
    """One checkout per visit. Its number of pages is the median of completed checkouts of that month and platform."""
    found = [(visit, checkout) for visit in people if (checkout := _checkout_events(visit))]
    lengths: dict[tuple[date, str | None], list[int]] = defaultdict(list)
    for visit, events in found:
        if visit.comes_to("order", _start(events)):
            lengths[visit.month, visit.session.get("platform")].append(_pages(events))
    promises = any(event["promised_delivery_days"] is not None for visit in people for event in visit.events)
    for visit, events in found:
        start = _start(events)
        goes_on = visit.comes_to("order", start)
        ends = not goes_on and not visit.views_after(start)
        methods = [
            event["payment_methods_offered"] for event in visit.events if event["payment_methods_offered"] is not None
        ]
        walked = sorted(lengths.get((visit.month, visit.session.get("platform")), []))
        steps = walked[(len(walked) - 1) // 2] if walked else 0
        if methods:
            yield Exposure(visit, "payment_methods_offered", Decimal(max(methods)), goes_on, ends)
        if steps:
            yield Exposure(visit, "checkout_steps", Decimal(steps), goes_on, ends)
        if promises:
            shown = any(event["promised_delivery_days"] is not None for event in visit.events)
            yield Exposure(visit, "delivery_promise", Decimal(shown), goes_on, ends)


def _checkout_events(visit: Visit) -> list[Row]:
    """Checkout starts and views of checkout pages."""
    return [
        event
        for event in visit.events
        if event["event_type"] in {"begin_checkout", "buy_now"}
        or (event in visit.views and page_of(event) in {"checkout", "payment"})
    ]


def _start(events: Sequence[Row]) -> Any:
    return min(event["occurred_at"] for event in events)


def _pages(events: Sequence[Row]) -> int:
    return sum(event["event_type"] not in {"begin_checkout", "buy_now"} for event in events)


def _payments(shop: Shop, people: Iterable[Visit]) -> Iterator[Exposure]:
    attempts: dict[str, list[Row]] = defaultdict(list)
    for row in shop.staged.rows["payments"]:
        attempts[row["order_id"]].append(row)
    for visit in people:
        for order in visit.orders:
            rows = attempts.get(order.order_id, [])
            if not rows:
                continue
            paid = [row["attempted_at"] for row in rows if payment_outcome(row["status"]) == "succeeded"]
            failed = [row["attempted_at"] for row in rows if payment_outcome(row["status"]) == "failed"]
            failures = sum(not paid or moment <= min(paid) for moment in failed)
            is_paid = order.paid_at is not None
            ends = not is_paid and not visit.views_after(min(row["attempted_at"] for row in rows))
            yield Exposure(visit, "failed_payment", Decimal(failures), is_paid, ends)


def friction_levels(found: Iterable[Exposure], levels: Sequence[Row]) -> dict[tuple[date, str, str], Level]:
    """Counts of exposures by month, factor and level. `levels` are the rows of the seed friction_levels."""
    bands: dict[str, list[tuple[Decimal, Decimal | None, str]]] = defaultdict(list)
    for row in levels:
        bands[row["factor"]].append((row["value_from"], row["value_below"], row["level"]))
    counted: dict[tuple[date, str, str], Level] = defaultdict(Level)
    for exposure in found:
        for low, high, name in bands[exposure.factor]:
            if low <= exposure.value and (high is None or exposure.value < high):
                counted[exposure.visit.month, exposure.factor, name].found.append(exposure)
    return dict(counted)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, computed from its centre and half width."""
    share, square = successes / trials, QUANTILE**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = QUANTILE / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return (0.0 if successes == 0 else centre - half, 1.0 if successes == trials else centre + half)


def digits(number: float) -> float:
    """Round to ten significant digits, as the marts do with shares and intervals before subtracting them."""
    return float(f"{number:.10g}")


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float, float]:
    """Difference of two shares, each as (successes, trials), and its interval by Newcombe's hybrid score method."""
    share, rival = digits(one[0] / one[1]), digits(other[0] / other[1])
    (low, high), (rival_low, rival_high) = (tuple(map(digits, wilson(*pair))) for pair in (one, other))
    difference = share - rival
    return (
        difference,
        difference - math.hypot(share - low, rival_high - rival),
        difference + math.hypot(high - share, rival - rival_low),
    )
