"""Churn: RFM at past month ends, moves between segments, churn signals and their backtest, win-back, activity."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Final

from shopper.crosscheck.oracle.customers import Customer, Rfm, rfm
from shopper.crosscheck.oracle.identity import VISITOR_PREFIX
from shopper.crosscheck.oracle.money import ZERO, cents, total
from shopper.crosscheck.oracle.orders import Refund
from shopper.crosscheck.oracle.sessions import Session
from shopper.crosscheck.oracle.settings import Row, Settings, month_of

SIGNALS: Final = ("no_visit", "less_browsing", "open_cart", "overdue_order", "smaller_orders")
CART_EVENTS: Final = frozenset({"add_to_cart", "buy_now"})

Move = tuple[date, str | None, str | None]


def month_ends(first: date, last: date) -> list[date]:
    """The last days of months between two days, both included."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if (day + timedelta(days=1)).day == 1]


def rfm_at(
    customers: Iterable[Customer],
    refunds: Iterable[Refund],
    day: date,
    window_days: int,
    segments: Sequence[Row],
    least: int,
) -> dict[str, Rfm]:
    """RFM as of a past day: orders up to that day, and only refunds known by then."""
    known: dict[str, list[Decimal]] = defaultdict(list)
    for refund in refunds:
        if refund.order_id is not None and refund.refund_date <= day:
            known[refund.order_id].append(refund.goods_amount_at_order_rate or ZERO)
    past = [
        Customer(
            one.customer_id,
            [
                replace(order, goods_refund_amount=total(known[order.order_id]))
                for order in one.orders
                if order.order_date <= day
            ],
            [note for note in one.credit_notes if note.refund_date <= day],
        )
        for one in customers
    ]
    return rfm(past, day, window_days, segments, least)


def transitions(
    history: Mapping[date, Mapping[str, Rfm]], customers: Iterable[Customer]
) -> dict[Move, tuple[int, Decimal]]:
    """Number of customers and their net revenue in the month, by (month, segment before, segment after)."""
    revenue: dict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO)
    for customer in customers:
        for order in customer.orders:
            revenue[customer.customer_id, month_of(order.order_date)] += order.net_revenue
    moves: dict[Move, list[Decimal]] = defaultdict(list)
    ends = sorted(history)
    for before, end in zip([None, *ends], ends, strict=False):
        previous = history[before] if before else {}
        for customer_id in previous.keys() | history[end].keys():
            move = (month_of(end), _segment(previous, customer_id), _segment(history[end], customer_id))
            moves[move].append(revenue[customer_id, month_of(end)])
    return {move: (len(amounts), total(amounts)) for move, amounts in moves.items()}


def _segment(population: Mapping[str, Rfm], customer_id: str) -> str | None:
    if customer_id not in population:
        return None
    return population[customer_id].rfm_segment or "unscored"


@dataclass(frozen=True)
class Rules:
    """The rules of churn: thresholds by signal and name, weights, risk levels, and the definition of churn in days."""

    signals: Mapping[str, Row]
    levels: Sequence[Row]
    active_days: int
    churn_days: int
    backtest_cutoffs: int

    @classmethod
    def of_seeds(cls, signals: Iterable[Row], levels: Sequence[Row], definition: Row) -> Rules:
        return cls(
            {row["signal"]: row for row in signals}, levels,
            int(definition["active_days"]), int(definition["churn_days"]), int(definition["backtest_cutoffs"]),
        )  # fmt: skip

    def number(self, signal: str, name: str) -> Fraction:
        return Fraction(str(self.signals[signal][name]))

    def cutoffs(self, first: date, as_of: date) -> list[date]:
        """The latest month ends whose observation window for churn is over."""
        over = [day for day in month_ends(first, as_of) if (as_of - day).days >= self.churn_days]
        return over[-self.backtest_cutoffs :]

    def risk(self, score: Fraction | None) -> str | None:
        """The level whose range contains the score; None without a score."""
        if score is None:
            return None
        for row in self.levels:
            below = row["score_below"]
            if score >= Fraction(str(row["score_from"])) and (below is None or score < Fraction(str(below))):
                return str(row["churn_risk"])
        raise ValueError(f"churn_risk_levels has no level for the score {score}")


@dataclass
class ObservedActivity:
    """Tracked activity of a customer: (day, seconds) of sessions, days of logins, times of cart events."""

    sessions: list[tuple[date, int]]
    logins: list[date]
    carts: list[Row]

    def days(self, cutoff: date) -> list[date]:
        """Days with a visit or login, up to the cut-off."""
        return [day for day in [*(day for day, _ in self.sessions), *self.logins] if day <= cutoff]


def person_of(session: Session) -> str:
    """The customer of a session, else its visitor."""
    return session.customer_id or VISITOR_PREFIX + session.visitor_id


def observed_activity(sessions: Iterable[Session], settings: Settings) -> dict[str, ObservedActivity]:
    """Tracked activity by person, without bots."""
    people: dict[str, ObservedActivity] = defaultdict(lambda: ObservedActivity([], [], []))
    for session in sessions:
        if not session.is_bot:
            person = people[person_of(session)]
            person.sessions.append((session.session_date, session.duration_seconds or 0))
            for event in session.events:
                if event["event_type"] == "login":
                    person.logins.append(settings.local_date(event["occurred_at"]))
                elif event["event_type"] in CART_EVENTS:
                    person.carts.append(event)
    return dict(people)


@dataclass(frozen=True)
class ChurnAssessment:
    """A customer at a cut-off date: signals (None if not observable), score, days overdue (None without a usual gap
    between orders), and the mean value of the last orders and of those before (None if there are too few).
    """

    customer_id: str
    signals: Mapping[str, bool | None]
    score: Fraction | None
    days_overdue: int | None
    is_active: bool
    is_churned: bool
    means: tuple[Decimal | None, Decimal | None]

    @property
    def any_behaviour(self) -> bool | None:
        behaviour = [self.signals[name] for name in ("no_visit", "less_browsing", "open_cart")]
        seen = [given for given in behaviour if given is not None]
        return any(seen) if seen else None


def churn_assessments(
    customers: Iterable[Customer],
    people: Mapping[str, ObservedActivity],
    rules: Rules,
    cutoff: date,
    settings: Settings,
) -> dict[str, ChurnAssessment]:
    """Every customer with a valid order by the cut-off date, assessed as of that day."""
    ordered = {
        one.customer_id: (one, sorted({order.order_date for order in one.orders if order.order_date <= cutoff}))
        for one in customers
    }
    gaps = {name: [(b - a).days for a, b in pairwise(days)] for name, (_, days) in ordered.items()}
    shop_gap = _median([gap for own in gaps.values() for gap in own])
    carts_begin = min(
        (settings.local_date(cart["occurred_at"]) for seen in people.values() for cart in seen.carts), default=None
    )
    found = {}
    for name, (customer, days) in ordered.items():
        if days:
            seen = people.get(name, ObservedActivity([], [], []))
            since = (cutoff - days[-1]).days
            gap = _median(gaps[name]) if gaps[name] else shop_gap
            signals = {
                **_visit_signals(seen, rules, cutoff),
                "open_cart": _open_cart(customer, seen, rules, cutoff, settings)
                if seen.days(cutoff) and carts_begin is not None and carts_begin <= cutoff
                else None,
                "overdue_order": None if gap is None else since > rules.number("overdue_order", "gap_multiple") * gap,
                "smaller_orders": _smaller(customer, rules, cutoff),
            }
            following = [order.order_date for order in customer.orders if order.order_date > cutoff]
            found[name] = ChurnAssessment(
                name, signals, _score(signals, rules), None if gap is None else max(0, since - ceil(gap)),
                since < rules.active_days,
                not following or (min(following) - cutoff).days > rules.churn_days,
                _means(customer, rules, cutoff),
            )  # fmt: skip
    return found


def _median(values: Sequence[int]) -> Fraction | None:
    ordered, middle = sorted(values), len(values) // 2
    if not ordered:
        return None
    return Fraction(ordered[middle] + ordered[-middle - 1], 2)


def _visit_signals(seen: ObservedActivity, rules: Rules, cutoff: date) -> dict[str, bool | None]:
    recent, base = (int(rules.number("no_visit", name)) for name in ("recent_days", "base_days"))
    ages = [(cutoff - day).days for day in seen.days(cutoff)]
    was_there = any(recent <= age < recent + base for age in ages)
    late, early = (int(rules.number("less_browsing", name)) for name in ("recent_days", "base_days"))
    spent = [((cutoff - day).days, seconds) for day, seconds in seen.sessions]
    now = sum(seconds for age, seconds in spent if 0 <= age < late)
    before = sum(seconds for age, seconds in spent if late <= age < late + early)
    return {
        "no_visit": not any(age < recent for age in ages) if was_there else None,
        "less_browsing": now <= (1 - rules.number("less_browsing", "drop_share")) * before if before else None,
    }


def _open_cart(customer: Customer, seen: ObservedActivity, rules: Rules, cutoff: date, settings: Settings) -> bool:
    youngest, oldest = (rules.number("open_cart", name) for name in ("age_days_from", "age_days_to"))
    return any(
        youngest <= (cutoff - settings.local_date(cart["occurred_at"])).days <= oldest
        and not any(order.ordered_at >= cart["occurred_at"] and order.order_date <= cutoff for order in customer.orders)
        for cart in seen.carts
    )


def _split_orders(customer: Customer, rules: Rules, cutoff: date) -> tuple[list[Decimal], list[Decimal]]:
    """Net revenue of each order, split into the orders before the last ones and the last ones."""
    values = [order.net_revenue for order in customer.orders if order.order_date <= cutoff]
    count = int(rules.number("smaller_orders", "recent_orders"))
    return values[:-count], values[-count:]


def _smaller(customer: Customer, rules: Rules, cutoff: date) -> bool | None:
    before, last = _split_orders(customer, rules, cutoff)
    if not before or sum(before) <= 0:
        return None
    left = 1 - rules.number("smaller_orders", "drop_share")
    return Fraction(sum(last)) / len(last) <= left * Fraction(sum(before)) / len(before)


def _means(customer: Customer, rules: Rules, cutoff: date) -> tuple[Decimal | None, Decimal | None]:
    before, last = _split_orders(customer, rules, cutoff)
    if not before:
        return None, None
    return cents(sum(last, ZERO) / len(last)), cents(sum(before, ZERO) / len(before))


def _score(signals: Mapping[str, bool | None], rules: Rules) -> Fraction | None:
    known = {name: value for name, value in signals.items() if value is not None}
    weight = sum(rules.number(name, "weight") for name in known)
    if not weight:
        return None
    return sum((rules.number(name, "weight") for name, given in known.items() if given), Fraction(0)) / weight


def backtest(population: Iterable[ChurnAssessment], rules: Rules) -> dict[str, tuple[int, int, int, int, int]]:
    """By signal, over active customers: total, with the signal, of those churned, without it, of those churned."""
    active = [one for one in population if one.is_active]
    result = {}
    for name in (*SIGNALS, "any_behaviour", "high_risk"):
        groups: dict[bool | None, list[ChurnAssessment]] = defaultdict(list)
        for one in active:
            groups[_given(one, name, rules)].append(one)
        having, lacking = groups[True], groups[False]
        churned, lacking_churned = (sum(one.is_churned for one in side) for side in (having, lacking))
        result[name] = (len(active), len(having), churned, len(lacking), lacking_churned)
    return result


def _given(one: ChurnAssessment, name: str, rules: Rules) -> bool | None:
    if name == "any_behaviour":
        return one.any_behaviour
    if name == "high_risk":
        risk = rules.risk(one.score)
        return None if risk is None else risk == "high"
    return one.signals[name]


def active_windows(days: Mapping[date, set[str]], calendar: Sequence[date]) -> dict[date, tuple[int, int, int, int]]:
    """By date: distinct people of the day, of 7 days, of 30 days, and people never seen before."""
    first: dict[str, date] = {}
    for day in sorted(days):
        for person in days[day]:
            first.setdefault(person, day)

    def active(today: date, length: int) -> int:
        return len(set().union(*(days.get(today - timedelta(days=age), set()) for age in range(length))))

    return {
        today: (
            active(today, 1),
            active(today, 7),
            active(today, 30),
            sum(first[person] == today for person in days.get(today, set())),
        )
        for today in calendar
    }


def last_year_spend(customer: Customer, days: int) -> Decimal:
    """Net revenue after refunds, less credit notes, in the `days` that end with the last order."""
    last = customer.last_order_date
    kept = [one.net_revenue_after_refunds for one in customer.orders if (last - one.order_date).days < days]
    notes = [one.goods_amount for one in customer.credit_notes if 0 <= (last - one.refund_date).days < days]
    return total(kept) - total(notes)


def winback_tier(spend: Decimal) -> str:
    """`high` above 5000, `potential` from 1000, else `low`."""
    return "high" if spend > 5000 else "potential" if spend >= 1000 else "low"


def winback_reason(one: ChurnAssessment, rules: Rules) -> str | None:
    """`lapsed`, else, at high risk, the signal with the highest priority; None if the customer is no candidate."""
    if not one.is_active:
        return "lapsed"
    if rules.risk(one.score) != "high":
        return None
    given = [name for name, value in one.signals.items() if value]
    return min(given, key=lambda name: rules.number(name, "reason_priority"))


def score_of(value: int | Decimal, values: Sequence[int | Decimal], least: int) -> int | None:
    """Score from 1 to 5 against sorted values; None if there are fewer than `least`."""
    worse = bisect_right(values, value) - values.count(value)
    return 1 + 5 * worse // len(values) if len(values) >= least else None
