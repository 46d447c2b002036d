"""Service after an order: fulfilment, returns, satisfaction, support tickets, and the customers' later orders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import sqrt
from statistics import median
from typing import Final

from scipy.stats import norm, t

from shopper.crosscheck.oracle import friction
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import ZERO, cents, spread, total
from shopper.crosscheck.oracle.orders import Order, Refund, refunded_lines
from shopper.crosscheck.oracle.settings import Row, Settings, month_of
from shopper.crosscheck.oracle.shop import Shop

UNKNOWN_VALUE: Final = "unknown"
Interval = tuple[float | None, float | None]
_Z: Final = float(norm.ppf(0.975))


@dataclass(frozen=True)
class Rules:
    """The seed service_rules: days until orders and invitations mature, and the least number of answers for an
    interval.
    """

    order_days: int
    answer_days: int
    interval_answers_from: int

    @classmethod
    def of_seed(cls, row: Row) -> Rules:
        return cls(int(row["order_days"]), int(row["answer_days"]), int(row["interval_answers_from"]))


def wilson(hits: int, trials: int) -> Interval:
    """Wilson's 95 % interval of a share; (None, None) without trials."""
    return friction.wilson(hits, trials) if trials else (None, None)


def newcombe(hits: int, trials: int, other_hits: int, other_trials: int) -> Interval:
    """The 95 % interval of a difference of two shares (Newcombe's method 10); (None, None) if either has no trials."""
    if not trials or not other_trials:
        return None, None
    _difference, low, high = friction.newcombe((hits, trials), (other_hits, other_trials))
    return low, high


def net_interval(promoters: int, detractors: int, answers: int) -> Interval:
    """The 95 % interval of a net promoter score in points, from its variance, limited to -100 and 100."""
    if not answers:
        return None, None
    up, down = Fraction(promoters, answers), Fraction(detractors, answers)
    half = 100 * _Z * sqrt((up + down - (up - down) ** 2) / answers)
    return max(100 * float(up - down) - half, -100.0), min(100 * float(up - down) + half, 100.0)


def mean_interval(values: Sequence[Fraction]) -> Interval:
    """The 95 % interval of a mean by Student's t; (None, None) for fewer than two values."""
    number = len(values)
    if number < 2:
        return None, None
    mean = sum(values, Fraction(0)) / number
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (number - 1)
    half = _t(number - 1) * sqrt(variance / number)
    return float(mean) - half, float(mean) + half


@cache
def _t(degrees: int) -> float:
    return float(t.ppf(0.975, degrees))


def ninth_decile(values: Iterable[int]) -> int:
    """The 90th percentile: the smallest value that at least nine tenths of the values do not exceed."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def median_of(values: Iterable[int]) -> Fraction:
    """The median."""
    return Fraction(median(map(Fraction, values)))


@dataclass(frozen=True)
class Delivery:
    """Delivery of an order: method, cost (None if unknown), arrival of the last parcel, and whether it was on time."""

    method: str
    cost: Decimal | None
    delivered_at: datetime | None
    is_on_time: bool | None


def delivery(parcels: Sequence[Row], settings: Settings, as_of_end: datetime) -> Delivery:
    """Combine the parcels of an order."""
    methods = {row["delivery_method"] for row in parcels} - {None}
    costs = [cents(row["shipping_cost"]) for row in parcels if row["shipping_cost"] is not None]
    arrivals = [row["delivered_at"] for row in parcels]
    kept = [_is_on_time(row, settings, as_of_end) for row in parcels if row["promised_at"] is not None]
    return Delivery(
        "mixed" if len(methods) > 1 else next(iter(methods), UNKNOWN_VALUE),
        total(costs) if costs else None,
        None if None in arrivals else max(arrivals),
        False if False in kept else None if None in kept or not kept else True,
    )


def _is_on_time(row: Row, settings: Settings, as_of_end: datetime) -> bool | None:
    """Whether a parcel arrived by the promised time (a midnight means the end of the day); None if still open."""
    promised, arrived = row["promised_at"], row["delivered_at"]
    if arrived is None:
        return False if promised < as_of_end else None
    day = settings.local_date(promised)
    ends_at = settings.end_of(day) if settings.midnight(day) == promised else promised + timedelta(microseconds=1)
    return bool(arrived < ends_at)


@dataclass(frozen=True)
class OrderReturns:
    """Returns of a mature valid order within the window. None if the shop does not land the table."""

    amount: Decimal | None
    is_returned: bool | None
    is_exchanged: bool | None


def order_returns(shop: Shop, rules: Rules, as_of: date) -> dict[str, OrderReturns]:
    """Returns within `order_days` by order, for valid orders that are at least as old."""
    naming = {refund.refund_id for refund in shop.refunds if refund.order_id is not None}
    raw = {row["refund_id"]: row for row in shop.staged.rows["refunds"] if row["refund_id"] in naming}
    says_return = any(row["is_return"] is not None for row in raw.values())
    says_exchange = any(row["is_exchange"] is not None for row in raw.values())
    of_order: dict[str | None, list[Refund]] = defaultdict(list)
    for refund in shop.refunds:
        of_order[refund.order_id].append(refund)
    found = {}
    for order in shop.orders:
        if not order.is_valid or (as_of - order.order_date).days < rules.order_days:
            continue
        inside = [
            refund
            for refund in of_order[order.order_id]
            if (_requested_on(raw[refund.refund_id], shop.staged.settings) - order.order_date).days <= rules.order_days
        ]
        rows = [raw[refund.refund_id] for refund in inside]
        found[order.order_id] = OrderReturns(
            total(refund.goods_amount_at_order_rate or ZERO for refund in inside) if raw else None,
            any(row["is_return"] and not row["is_exchange"] for row in rows) if says_return else None,
            any(bool(row["is_exchange"]) for row in rows) if says_exchange else None,
        )
    return found


def _requested_on(refund: Row, settings: Settings) -> date:
    return settings.local_date(refund["requested_at"] or refund["refunded_at"])


def refund_parts(
    refund: Refund, row: Row, orders: Mapping[str, Order], categories: Mapping[str, str]
) -> dict[str, Decimal]:
    """A refund's goods amount as booked, by category: in proportion to line value; evenly if no line has a value."""
    order = orders.get(refund.order_id or "")
    lines = refunded_lines(row, order) if order else []
    values: dict[str, Decimal] = defaultdict(lambda: ZERO)
    counts: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        category = categories.get(line.product_id or "", UNKNOWN_VALUE)
        values[category] += line.value
        counts[category] += 1
    if not counts:
        others = order.other_lines if order else []
        named = next((line.product_id for line in others if line.order_item_id == row["order_item_id"]), None)
        return {categories.get(named or row["product_id"] or "", UNKNOWN_VALUE): refund.goods_amount}
    shares = spread(refund.goods_amount, values) or spread(refund.goods_amount, counts)
    return {category: shares.get(category, ZERO) for category in counts}


@dataclass(frozen=True)
class Feedback:
    """A survey invitation or a review: its kind and aspect, the customer, and the band of the answer (None without)."""

    source_id: str
    customer_id: str | None
    survey_type: str
    aspect: str
    sales_channel: str
    invited_date: date | None
    answered_date: date | None
    score: Fraction | None
    band: str | None
    text: str | None = None

    @property
    def day(self) -> date:
        """The day that it counts on."""
        found = self.invited_date or self.answered_date
        assert found
        return found


def band_of(survey_type: str, score: Decimal | None, bands: Iterable[Row]) -> str | None:
    """The band whose range contains the score; None without a score."""
    if score is None:
        return None
    for row in bands:
        below = row["score_below"]
        if row["survey_type"] == survey_type and row["score_from"] <= score and (below is None or score < below):
            return str(row["satisfaction_band"])
    raise ValueError(f"satisfaction_bands has no band for {survey_type} {score}")


def feedback(shop: Shop, bands: Sequence[Row]) -> list[Feedback]:
    """All survey invitations and reviews that have a day."""
    identities, local = shop.staged.identities, shop.staged.settings.local_date
    orders = {order.order_id: order for order in shop.orders}

    def one(
        row: Row, name: str, kind: str, aspect: str, score: Decimal | None, days: Sequence[datetime | None]
    ) -> None:
        order = orders.get(row["order_id"])
        owner = identities.customer(row["customer_id"]) or (order.customer_id if order else None)
        invited, answered = (local(moment) if moment else None for moment in days)
        if invited or answered:
            found.append(
                Feedback(
                    row[name], owner, kind, aspect, (order.sales_channel if order else None) or UNKNOWN_VALUE, invited,
                    answered, None if score is None else Fraction(score), band_of(kind, score, bands),
                    row.get("review_text"),
                )
            )  # fmt: skip

    found: list[Feedback] = []
    for row in shop.staged.rows["survey_responses"]:
        if row["survey_type"] is not None:
            moment = (row["responded_at"] or row["invited_at"]) if row["score"] is not None else None
            days = (row["invited_at"], moment)
            one(row, "response_id", row["survey_type"], row["aspect"] or "overall", row["score"], days)
    for row in shop.staged.rows["reviews"]:
        one(row, "review_id", "rating", "overall", row["rating"], (None, row["reviewed_at"]))
    return found


def mentions(text: str | None, topics: Iterable[Row]) -> set[str]:
    """The aspects that a review mentions: English keywords as whole words, Chinese ones anywhere in the text."""
    small = (text or "").lower()
    words = set(re.findall("[a-z]+", small))
    return {
        row["aspect"]
        for row in topics
        if (row["keyword"] in words if row["language"] == "en" else row["keyword"] in small)
    }


def first_opinions(
    answers: Iterable[Feedback], segment: Callable[[str, date], str]
) -> dict[tuple[str, str], tuple[date, str]]:
    """The first day with answers and the worst band of that day, by customer and segment before the answer."""
    worst = ("dissatisfied", "neutral", "satisfied")
    days: dict[tuple[str, str], dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in answers:
        if one.answered_date and one.band and one.customer_id and one.customer_id != UNKNOWN:
            before = month_of(one.answered_date) - timedelta(days=1)
            days[one.customer_id, segment(one.customer_id, before)][one.answered_date].add(one.band)
    return {
        key: (min(of_one), next(band for band in worst if band in of_one[min(of_one)])) for key, of_one in days.items()
    }


@dataclass(frozen=True)
class Ticket:
    """A support ticket. Seconds are None until the event happened; `is_quick` is None while it is undecided."""

    month: date
    topic: str
    handled_by: str
    response_seconds: int | None
    resolution_seconds: int | None
    is_quick: bool | None
    is_complaint: bool | None
    score: Fraction | None


def tickets(shop: Shop, as_of_end: datetime) -> list[Ticket]:
    """Every ticket."""
    rows = shop.staged.rows["support_tickets"]
    says_complaint = any(row["is_complaint"] is not None for row in rows)
    has_responses = any(row["first_response_at"] is not None for row in rows)
    found = []
    for row in rows:
        response = _seconds(row["opened_at"], row["first_response_at"])
        waits = has_responses and row["first_response_at"] is None
        is_over = (_seconds(row["opened_at"], as_of_end) or 0) > 300
        found.append(
            Ticket(
                month_of(shop.staged.settings.local_date(row["opened_at"])),
                (row["topic"] or UNKNOWN_VALUE).lower(), row["handled_by"] or UNKNOWN_VALUE,
                response, _seconds(row["opened_at"], row["resolved_at"]),
                response <= 300 if response is not None else False if waits and is_over else None,
                bool(row["is_complaint"]) if says_complaint else None,
                None if row["satisfaction_score"] is None else Fraction(row["satisfaction_score"]),
            )
        )  # fmt: skip
    return found


def _seconds(begin: datetime, end: datetime | None) -> int | None:
    """Whole seconds to a later time; None for an earlier one."""
    return None if end is None or end < begin else (end - begin) // timedelta(seconds=1)
