"""Second computation of campaigns: clicks before orders, codes on orders, days around a promotion, active hours."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from shopper.crosscheck.oracle.experiments import Contrast, Experiment, contrast, experiments, split_p_value
from shopper.crosscheck.oracle.identity import UNKNOWN, VISITOR_PREFIX
from shopper.crosscheck.oracle.money import ZERO, product, spread, total
from shopper.crosscheck.oracle.orders import Order
from shopper.crosscheck.oracle.settings import Row, Settings
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.taxes import without_tax

NOT_TOLD: Final = "unknown"
OUTCOMES: Final = ("delivered_at", "bounced_at", "opened_at", "clicked_at", "unsubscribed_at")


@dataclass(frozen=True)
class Message:
    """A message and its outcomes."""

    row: Row
    customer_id: str
    is_delivered: bool

    @property
    def is_bounced(self) -> bool:
        return self.row["bounced_at"] is not None and not self.is_delivered

    @property
    def is_opened(self) -> bool:
        return self.row["opened_at"] is not None or self.row["clicked_at"] is not None


def landed_outcomes(shop: Shop) -> set[str]:
    """Outcome columns that have a value in any message."""
    return {outcome for outcome in OUTCOMES if any(row[outcome] is not None for row in shop.staged.rows["messages"])}


def messages(shop: Shop) -> list[Message]:
    """Every message, with its canonical customer."""
    lands_deliveries = "delivered_at" in landed_outcomes(shop)
    found = []
    for row in shop.staged.rows["messages"]:
        if any(row[outcome] is not None for outcome in ("opened_at", "clicked_at", "unsubscribed_at")):
            arrived = True
        elif row["bounced_at"] is not None:
            arrived = False
        else:
            arrived = not lands_deliveries or row["delivered_at"] is not None
        found.append(Message(row, shop.staged.identities.customer(row["customer_id"]) or "", arrived))
    return found


def credited_orders(shop: Shop, sent: Iterable[Message], days: int) -> dict[str, list[Order]]:
    """Valid orders but renewals by campaign, credited to the last click within `days` days."""
    clicks: dict[str, list[Message]] = defaultdict(list)
    for message in sent:
        if message.row["clicked_at"] is not None:
            clicks[message.customer_id].append(message)
    found: dict[str, list[Order]] = defaultdict(list)
    for order in shop.orders:
        near = [
            message.row
            for message in clicks.get(order.customer_id, [])
            if timedelta(0) <= order.ordered_at - message.row["clicked_at"] <= timedelta(days=days)
        ]
        if order.is_valid and not order.is_renewal and order.customer_id != UNKNOWN and near:
            latest = max((row["clicked_at"], row["sent_at"]) for row in near)
            last = [row for row in near if (row["clicked_at"], row["sent_at"]) == latest]
            found[min(last, key=lambda row: row["message_id"])["campaign_id"]].append(order)
    return found


def campaign_cost(shop: Shop, row: Row) -> Decimal | None:
    """Cost in the reporting currency, at the rate of the start date, else of the end date; None if unknown."""
    if row["cost"] is None:
        return None
    moment, settings = row["started_at"] or row["ended_at"], shop.staged.settings
    if row["currency"] in {None, settings.reporting_currency}:
        return product(row["cost"])
    rate = shop.staged.rates.on(row["currency"], settings.local_date(moment)) if moment else None
    return None if rate is None else product(row["cost"], rate)


def is_final(row: Row, last_sent: datetime | None, days: int, end: datetime) -> bool:
    """Whether the attribution window after its end and after its last message is over."""
    moments = [one for one in (row["ended_at"] or row["started_at"], last_sent) if one is not None]
    return bool(moments) and max(moments) + timedelta(days=days) <= end


@dataclass(frozen=True)
class Lift:
    """A campaign's holdout: the experiment, units and buyers (None if unknown) and contrasts by metric."""

    experiment_id: str
    treated_units: int | None
    holdout_units: int | None
    treated_buyers: int | None
    holdout_buyers: int | None
    contrasts: Mapping[str, Contrast | None]


def lifts(shop: Shop, rules: Row) -> dict[str, Lift]:
    """Lift by campaign, from its last valid holdout."""
    is_assigned = bool(shop.staged.rows["experiment_assignments"])
    holdouts: dict[str, list[tuple[str, Experiment]]] = defaultdict(list)
    for name, experiment in experiments(shop).items():
        campaigns = {row["campaign_id"] for row in experiment.variants.values()} - {None}
        split = split_p_value(experiment)
        is_sound = experiment.fault is None and (split is None or split >= float(rules["srm_significance"]))
        if experiment.is_over and is_sound and len(campaigns) == 1:
            holdouts[campaigns.pop()].append((name, experiment))
    found = {}
    for campaign_id, candidates in holdouts.items():
        candidates.sort(key=lambda one: one[0])
        name, experiment = max(candidates, key=lambda one: one[1].end or datetime.min)
        control = experiment.arm(experiment.controls[0])
        treated = [
            unit
            for variant in experiment.variants
            if variant not in experiment.controls
            for unit in experiment.arm(variant)
        ]
        contrasts: dict[str, Contrast | None] = {}
        if shop.orders:
            for metric in ("conversion_rate", "orders_per_unit", "revenue_per_unit"):
                contrasts[metric] = contrast(metric, treated, control, rules)
        found[campaign_id] = Lift(
            name, len(treated) if is_assigned else None, len(control) if is_assigned else None,
            sum(bool(unit.orders) for unit in treated) if is_assigned and shop.orders else None,
            sum(bool(unit.orders) for unit in control) if is_assigned and shop.orders else None,
            contrasts,
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class CodeDiscounts:
    """What a code gave on an order: off its lines, off the order, off the shipping."""

    item: Decimal
    order: Decimal
    shipping: Decimal


@dataclass
class Promotion:
    """A code, its row in promotions (None if it has none), and the valid orders with that code."""

    code: str
    row: Row | None
    orders: list[Order] = field(default_factory=list)
    discounts: list[CodeDiscounts] = field(default_factory=list)

    def days(self, settings: Settings) -> tuple[date | None, date | None]:
        """First and last local day."""
        if self.row is None:
            return None, None
        first, last = self.row["starts_at"], self.row["ends_at"]
        return settings.local_date(first) if first else None, settings.local_date(last) if last else None


def order_codes(shop: Shop) -> dict[str, str]:
    """Promotion code by order: of several codes the one that gave most off the goods."""
    found = {
        row["order_id"]: row["promotion_code"]
        for row in shop.staged.rows["orders"]
        if row["promotion_code"] is not None
    }
    for order_id, rows in _stated(shop).items():
        first = min(
            rows,
            key=lambda row: (
                row["target"] == "shipping", row["amount"] is None, -(row["amount"] or 0), row["promotion_code"],
            ),
        )  # fmt: skip
        found[order_id] = first["promotion_code"]
    return found


def _stated(shop: Shop) -> dict[str, list[Row]]:
    """Rows of order_discounts with a code, by order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in shop.staged.rows["order_discounts"]:
        if row["promotion_code"] is not None:
            found[row["order_id"]].append(row)
    return found


def code_discounts(shop: Shop) -> dict[str, dict[str, CodeDiscounts]]:
    """What each code of an order gave; a stated sum above the order's discount is scaled down to it."""
    stated, codes = _stated(shop), order_codes(shop)
    currencies = {row["order_id"]: row["currency"] for row in shop.staged.rows["orders"]}
    found: dict[str, dict[str, CodeDiscounts]] = {}
    for order in shop.orders:
        rows = stated.get(order.order_id)
        if rows:
            rate = shop.staged.rates.on(currencies[order.order_id], order.order_date) or Decimal(1)
            sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
            for row in rows:
                sums[row["promotion_code"]][row["target"] == "shipping"] += product(row["amount"] or ZERO, rate)
            goods = {code: one[0] for code, one in sums.items()}
            given = order.item_discount_amount + order.order_discount_amount
            shares = spread(min(without_tax(total(goods.values()), order), given), goods)
            found[order.order_id] = {
                code: CodeDiscounts(ZERO, shares.get(code, ZERO), one[1]) for code, one in sums.items()
            }
        elif order.order_id in codes:
            found[order.order_id] = {
                codes[order.order_id]: CodeDiscounts(
                    order.item_discount_amount, order.order_discount_amount, order.shipping_discount_amount
                )
            }
    return found


def promotions(shop: Shop) -> list[Promotion]:
    """Every landed promotion and every code of a valid order."""
    found = {row["promotion_code"]: Promotion(row["promotion_code"], row) for row in shop.staged.rows["promotions"]}
    codes = code_discounts(shop)
    for order in (order for order in shop.orders if order.is_valid):
        for code, discounts in codes.get(order.order_id, {}).items():
            promotion = found.setdefault(code, Promotion(code, None))
            promotion.orders.append(order)
            promotion.discounts.append(discounts)
    return list(found.values())


def orders_without(shop: Shop, promotion: Promotion) -> list[Order]:
    """Valid orders without a code on the days that the promotion has run so far."""
    as_of = shop.staged.period.as_of_date
    assert as_of is not None
    codes, own = order_codes(shop), [order.order_date for order in promotion.orders]
    first, last = promotion.days(shop.staged.settings)
    first = first or min(own, default=None)
    last = min(last or as_of, as_of) if promotion.row else max(own)
    return [
        order
        for order in shop.orders
        if order.is_valid and order.order_id not in codes and first is not None and first <= order.order_date <= last
    ]


@dataclass(frozen=True)
class Deviation:
    """Revenue of some days, the expected revenue, and the half width of the 95 % interval (None without residuals)."""

    revenue: Decimal
    expected: Fraction
    reach: float | None

    @property
    def amount(self) -> Fraction:
        return Fraction(self.revenue) - self.expected


@dataclass(frozen=True)
class Effect:
    """A promotion compared with the days around it."""

    days: int
    others: int
    during: Deviation
    after: Deviation
    both: Deviation


def promotion_effects(shop: Shop, rules: Row) -> dict[str, Effect]:
    """Effect by code, for the promotions that can be compared."""
    settings, as_of = shop.staged.settings, shop.staged.period.as_of_date
    sales: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for order in shop.orders:
        if order.is_valid:
            sales[order.order_date] += order.net_revenue
    known = {one.code: one.days(settings) for one in promotions(shop) if one.row}
    weeks, behind = timedelta(days=rules["comparison_days"]), timedelta(days=rules["after_days"])
    found = {}
    for code, (first, last) in known.items():
        if not (first and last and sales and as_of and 0 <= (last - first).days < rules["max_days"]):
            continue
        begin, end = first - weeks, last + behind + weeks
        if begin < min(sales) or end > as_of:
            continue
        regular = [(day - begin).days for day in _between(begin, end) if day < first or day > last + behind]
        line = Line(regular, [sales.get(day, ZERO) for day in _between(begin, end)])
        during = [(day - begin).days for day in _between(first, last)]
        after = [(day - begin).days for day in _between(last + timedelta(days=1), last + behind)]
        others = [
            other for other, days in known.items() if other != code and any(day and begin <= day <= end for day in days)
        ]
        found[code] = Effect(
            len(during),
            len(others),
            line.deviation_on(during),
            line.deviation_on(after),
            line.deviation_on([*during, *after]),
        )
    return found


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


class Line:
    """Least squares of revenue on weekday and day number, by the normal equations in exact fractions.

    Errors of two days correlate by rho to the power of the days between them.
    """

    def __init__(self, numbers: Sequence[int], revenue: Sequence[Decimal]) -> None:
        """`numbers`: the regular days to fit, as indexes into `revenue`."""
        self._revenue = revenue
        self._numbers = list(numbers)
        rows = [_features(number) for number in numbers]
        values = [Fraction(revenue[number]) for number in numbers]
        width = range(8)
        self._matrix = [[sum((row[i] * row[j] for row in rows), Fraction()) for j in width] for i in width]
        right = [sum((row[i] * value for row, value in zip(rows, values, strict=True)), Fraction()) for i in width]
        self._weights = solved(self._matrix, right)
        fitted = [_dot(self._weights, row) for row in rows]
        self._residuals = [float(value - fit) for value, fit in zip(values, fitted, strict=True)]
        # What is left of each day's value after the fit: row i says how residual i depends on the values.
        shares = [solved(self._matrix, row) for row in rows]
        self._left = np.array(
            [[float((i == j) - _dot(rows[i], shares[j])) for j in range(len(rows))] for i in range(len(rows))]
        )
        self._rho = self._correlation()

    def _alike(self, one: Sequence[int], other: Sequence[int], rho: float) -> npt.NDArray[np.float64]:
        return np.array([[rho ** abs(left - right) for right in other] for left in one])

    def _correlation(self) -> float:
        """The rho, -0.4 to 0.95, at which residuals are expected to correlate with the day before as much as they do,
        plus a quarter of the standard error of that; found by bisection.
        """
        pairs = [
            (place, place + 1) for place in range(len(self._numbers) - 1)
            if self._numbers[place + 1] == self._numbers[place] + 1
        ]  # fmt: skip
        squares = sum(one * one for one in self._residuals)
        if not squares:
            return 0.0
        found = sum(self._residuals[one] * self._residuals[other] for one, other in pairs) / squares
        target = found + 0.25 / math.sqrt(len(self._numbers))

        def expected(rho: float) -> float:
            covariance = self._left @ self._alike(self._numbers, self._numbers, rho) @ self._left.T
            return float(sum(covariance[one, other] for one, other in pairs) / np.trace(covariance))

        low, high = -0.4, 0.95
        if expected(low) >= target:
            return low
        if expected(high) <= target:
            return high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if expected(middle) < target else (low, middle)
        return (low + high) / 2

    def deviation_on(self, numbers: Sequence[int]) -> Deviation:
        """Deviation of the revenue of other days from the fitted line."""
        features = [sum(column, Fraction()) for column in zip(*map(_features, numbers), strict=True)]
        shares = solved(self._matrix, features)
        pulls = np.array([-float(_dot(_features(number), shares)) for number in self._numbers])
        own, cross, fit = (
            self._alike(one, other, self._rho)
            for one, other in ((numbers, numbers), (numbers, self._numbers), (self._numbers, self._numbers))
        )
        spread = own.sum() + 2 * (cross @ pulls).sum() + pulls @ fit @ pulls
        covariance = self._left @ fit @ self._left.T
        degrees = np.trace(covariance)
        freedom = degrees**2 / (covariance**2).sum()
        squares = sum(one * one for one in self._residuals)
        reach = float(stats.t.isf(0.025, freedom)) * math.sqrt(squares / degrees * spread) if squares else None
        return Deviation(total(self._revenue[number] for number in numbers), _dot(self._weights, features), reach)


def _features(number: int) -> list[Fraction]:
    return [*(Fraction(number % 7 == weekday) for weekday in range(7)), Fraction(number)]


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((left * right for left, right in zip(one, other, strict=True)), Fraction())


def solved(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """The solution of a regular system of equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        pivot = next(number for number in range(place, len(rows)) if rows[number][place])
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for number, row in enumerate(rows):
            if number != place and row[place]:
                rows[number] = [value - row[place] * own for value, own in zip(row, rows[place], strict=True)]
    return [row[-1] for row in rows]


HourKey = tuple[str, str, int]


@dataclass
class Hours:
    """Counts by (gender, age band, local hour), `all` included."""

    sessions: Counter[HourKey] = field(default_factory=Counter)
    orders: Counter[HourKey] = field(default_factory=Counter)
    delivered: Counter[HourKey] = field(default_factory=Counter)
    opened: Counter[HourKey] = field(default_factory=Counter)


def local_hour(moment: datetime, settings: Settings) -> int:
    return moment.replace(tzinfo=UTC).astimezone(settings.zone).hour


def age_band(born: date | None, as_of: date, bands: Iterable[Row]) -> str:
    """The band of the age in completed years on a day."""
    if born is None or born > as_of:
        return NOT_TOLD
    age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    for row in bands:
        if int(row["age_from"]) <= age and (row["age_below"] is None or age < int(row["age_below"])):
            return str(row["age_band"])
    raise ValueError(f"age_bands has no band for {age} years")


def hours(shop: Shop, describe: Callable[[str], tuple[str, str]]) -> Hours:
    """Counts of visits, orders and messages by hour. `describe` returns the gender and age band of a customer."""
    settings, found = shop.staged.settings, Hours()
    ordered = {order.customer_id for order in shop.orders}

    def count(counter: Counter[HourKey], customer_id: str, moment: datetime) -> None:
        counter[*describe(customer_id), local_hour(moment, settings)] += 1

    for session in shop.sessions:
        person = session.customer_id or VISITOR_PREFIX + session.visitor_id
        if not session.is_bot and (session.customer_id or person in ordered):
            count(found.sessions, person, session.started_at)
    for order in shop.orders:
        if order.is_valid and not order.is_renewal and order.customer_id != UNKNOWN:
            count(found.orders, order.customer_id, order.ordered_at)
    for message in messages(shop):
        if message.is_delivered:
            count(found.delivered, message.customer_id, message.row["sent_at"])
            if message.is_opened:
                count(found.opened, message.customer_id, message.row["sent_at"])
    return found


def best_start(found: Hours, gender: str, band: str) -> int | None:
    """First of two adjacent hours with the most sessions; ties by orders, then earliest. None without sessions."""

    def pair(start: int) -> tuple[int, int]:
        keys = [(gender, band, start), (gender, band, (start + 1) % 24)]
        return sum(found.sessions[key] for key in keys), sum(found.orders[key] for key in keys)

    best = max(range(24), key=lambda start: (*pair(start), -start))
    return best if any(pair(best)) else None
