"""Friction factors: exposures by month, factor and level, compared with the best level."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import truediv
from typing import Any, Final

from scipy import stats

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


def clustered(
    one: Sequence[Exposure], other: Sequence[Exposure], outcome: Callable[[Exposure], bool], levels: int
) -> tuple[float, float] | None:
    """Interval of the difference of two shares of exposures that are alike within a session and within a product.

    Pulls are what each exposure adds to the difference of shares beyond its expectation; those of a cluster are summed
    before they are squared. The ratio of that variance to the one of independent exposures divides the number of
    exposures in Newcombe's interval. `levels` are compared, all pairs of them at once.
    """
    shares = [sum(map(outcome, own)) / len(own) for own in (one, other)]
    pulls = [
        (exposure, sign * (outcome(exposure) - share) / len(own))
        for own, share, sign in ((one, shares[0], 1), (other, shares[1], -1))
        for exposure in own
    ]
    of_products = any(exposure.product_id is not None for exposure, _ in pulls)

    def session(exposure: Exposure) -> Any:
        return exposure.visit.session.number

    def product(exposure: Exposure) -> Any:
        return exposure.product_id

    def both(exposure: Exposure) -> Any:
        return session(exposure), product(exposure)

    def variance(cluster: Callable[[Exposure], Any]) -> float:
        sums: dict[Any, float] = defaultdict(float)
        for exposure, pull in pulls:
            sums[cluster(exposure)] += pull
        groups = sum(len({cluster(exposure) for exposure in own}) for own in (one, other))
        return sum(pull * pull for pull in sums.values()) * (groups / (groups - 2) if groups > 2 else 1)

    deciding = product if of_products else session
    sizes = [len({deciding(exposure) for exposure in own}) for own in (one, other)]
    if min(sizes) < 2:
        return None
    total = variance(session)
    if of_products:
        total = max(total + variance(product) - variance(both), total, variance(product))
    own_variances = []
    for own, share in zip((one, other), shares, strict=True):
        sums: dict[Any, float] = defaultdict(float)
        for exposure in own:
            sums[deciding(exposure)] += outcome(exposure) - share
        own_variances.append(sum(pull * pull for pull in sums.values()) / len(own) ** 2)
    freedom = float(sum(sizes) - 2)
    if any(share not in (0, 1) for share in shares):
        freedom = sum(own_variances) ** 2 / sum(
            own**2 / (size - 1) for own, size in zip(own_variances, sizes, strict=True)
        )
    plain = sum(share * (1 - share) / len(own) for own, share in zip((one, other), shares, strict=True))
    counts = [len(one), len(other)]
    effect = total / plain if plain and total > 0 else max(map(truediv, counts, sizes))
    quantile = float(stats.t.ppf(1 - 0.025 / math.comb(levels, 2), freedom))
    ends = []
    for share, count in zip(shares, counts, strict=True):
        trials = count / effect
        ends.append(_roots(trials + quantile**2, -(2 * trials * share + quantile**2), trials * share**2))
    return (
        shares[0] - shares[1] - math.hypot(shares[0] - ends[0][0], ends[1][1] - shares[1]),
        shares[0] - shares[1] + math.hypot(ends[0][1] - shares[0], shares[1] - ends[1][0]),
    )


def _roots(a: float, b: float, c: float) -> tuple[float, float]:
    """Wilson's ends are the roots of a quadratic in the share."""
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@dataclass(frozen=True)
class Contrast:
    """The rate of a level compared with the best comparable level. None if there is none, or the level is the best."""

    best: str | None
    difference: float | None
    low: float | None
    high: float | None


def contrasts(
    counted: Mapping[tuple[date, str, str], Level], levels: Sequence[Row], minimum: Mapping[str, int], outcome: str
) -> dict[tuple[date, str, str], Contrast]:
    """Each level compared with the best of its month and factor. `outcome`: next_steps (best is highest) or exits
    (best is lowest).
    """
    place = {(row["factor"], row["level"]): row["level_number"] for row in levels}
    sign = -1 if outcome == "next_steps" else 1
    happened: dict[str, Callable[[Exposure], bool]] = {
        "next_steps": lambda one: one.goes_on,
        "exits": lambda one: one.ends,
    }
    groups: dict[tuple[date, str], list[str]] = defaultdict(list)
    for month, factor, level in counted:
        groups[month, factor].append(level)
    result = {}
    for (month, factor), names in groups.items():
        at_level = {name: counted[month, factor, name] for name in names}
        pairs = {name: (getattr(level, outcome), level.exposures) for name, level in at_level.items()}
        able = [name for name in names if pairs[name][1] >= minimum[factor]]
        best = min(able, key=lambda name: (sign * pairs[name][0] / pairs[name][1], place[factor, name]), default=None)
        for name, (count, trials) in pairs.items():
            if best is None:
                result[month, factor, name] = Contrast(None, None, None, None)
            elif name == best:
                result[month, factor, name] = Contrast(best, 0.0, None, None)
            else:
                compared = len(able) + (name not in able)
                ends = clustered(at_level[name].found, at_level[best].found, happened[outcome], compared)
                difference = digits(count / trials) - digits(pairs[best][0] / pairs[best][1])
                result[month, factor, name] = Contrast(best, difference, *(ends or (None, None)))
    return result
