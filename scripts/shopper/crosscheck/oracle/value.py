"""Second computation of lifetime value: purchase histories, formula, models at given parameters, tiers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from shopper.crosscheck.oracle.customers import Customer
from shopper.crosscheck.oracle.efficiency import DAYS_PER_MONTH
from shopper.crosscheck.oracle.money import ZERO, product, total
from shopper.crosscheck.oracle.settings import months_between

ENOUGH_CUSTOMERS: Final = 30
YEAR_DAYS: Final = 365
_NODES: Final = 300
_REACH: Final = 9.0


@dataclass(frozen=True)
class History:
    """A purchase history: repeat order-days, days to the last of them and to the as-of date, repeat days with value."""

    repeats: int
    recency_days: int
    age_days: int
    paid_repeats: int
    paid_value: Decimal


def order_days(customer: Customer) -> dict[date, Decimal]:
    """Value by day with valid orders: net revenue after refunds, less the credit notes of the same day."""
    days: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for order in customer.orders:
        days[order.order_date] += order.net_revenue_after_refunds
    for note in customer.credit_notes:
        if note.refund_date in days:
            days[note.refund_date] -= note.goods_amount
    return dict(days)


def history(customer: Customer, as_of: date) -> History:
    """The purchase history of a customer."""
    days = order_days(customer)
    first = min(days)
    paid = [value for day, value in days.items() if day > first and value > 0]
    return History(len(days) - 1, (max(days) - first).days, (as_of - first).days, len(paid), total(paid))


def span_months(customer: Customer) -> Fraction:
    """Months from the first to the last order."""
    return Fraction((customer.last_order_date - customer.first_order_date).days) / DAYS_PER_MONTH


def lifespans(
    customers: Sequence[Customer], channels: Mapping[str, str], as_of: date, retention_days: int
) -> dict[str, Fraction]:
    """Expected lifespan of a customer in months (at least 1) by acquisition channel; with few customers the shop's.

    Only customers whose first order is at least `retention_days` old count.
    """
    spans: dict[str, list[Fraction]] = {channels[one.customer_id]: [] for one in customers}
    for one in customers:
        if (as_of - one.first_order_date).days >= retention_days:
            spans[channels[one.customer_id]].append(span_months(one))
    everyone = [span for of_channel in spans.values() for span in of_channel]
    chosen = {channel: of_one if len(of_one) >= ENOUGH_CUSTOMERS else everyone for channel, of_one in spans.items()}
    return {channel: max(Fraction(1), sum(known, Fraction()) / (len(known) or 1)) for channel, known in chosen.items()}


def orders_per_month(customer: Customer) -> Fraction:
    """Orders per month between the first and the last order, over at least one month."""
    return len(customer.orders) / max(Fraction(1), span_months(customer))


def formula_value(customer: Customer, lifespan: Fraction) -> Decimal:
    """Net revenue after refunds per order x orders per month x lifespan in months, rounded once to cents."""
    exact = Fraction(customer.net_revenue_after_refunds) / len(customer.orders) * orders_per_month(customer) * lifespan
    return product(Decimal(exact.numerator * 10**20 // exact.denominator), Decimal("1e-20"))


def formula_next_year(customer: Customer, lifespan: Fraction, as_of: date) -> Decimal:
    """What the formula expects in the next 365 days: its value a month, for the months of the lifespan to come."""
    left = lifespan - Fraction((as_of - customer.first_order_date).days) / DAYS_PER_MONTH
    months = max(Fraction(0), min(left, Fraction(YEAR_DAYS) / DAYS_PER_MONTH))
    exact = Fraction(customer.net_revenue_after_refunds) / max(Fraction(1), span_months(customer)) * months
    return product(Decimal(exact.numerator * 10**20 // exact.denominator), Decimal("1e-20"))


def payback(
    customers: Sequence[Customer], margins: Mapping[str, Mapping[int, Decimal]], cac: Decimal, as_of: date
) -> int | None:
    """Payback in months: the first month since the first order by whose end the margin per customer reaches the CAC.
    None if it has not.

    The margin of each month is averaged over the customers for whom that month is complete. margins: margin by customer
    and months since the first order.
    """
    ages = {one.customer_id: _months_over(one.first_order_date, as_of) for one in customers}
    if not any(age < ages[one.customer_id] for one in customers for age in margins.get(one.customer_id, ())):
        return None
    so_far = Fraction()
    for age in range(max(ages.values())):
        reached = [one.customer_id for one in customers if ages[one.customer_id] > age]
        of_age = total(margins[one][age] for one in reached if age in margins.get(one, {}))
        so_far += Fraction(of_age) / len(reached)
        if so_far >= Fraction(cac) - Fraction(1, 200):
            return age
    return None


def _months_over(first: date, as_of: date) -> int:
    """Number of complete calendar months on the as-of date, counting that of the first day."""
    is_month_over = (as_of + timedelta(days=1)).day == 1
    return months_between(first, as_of) + is_month_over


def tiers(values: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Value tier by customer, from the share of all value held by strictly higher customers: high below 50 %, medium
    below 80 %, else low.
    """
    positive = sorted((value for value in values.values() if value and value > 0), reverse=True)
    everything = sum(positive)
    above: dict[Decimal, Decimal] = {}
    held = ZERO
    for amount in positive:
        above.setdefault(amount, held)
        held += amount
    result = {}
    for customer_id, value in values.items():
        if not value or value <= 0:
            result[customer_id] = "low"
        else:
            share = Fraction(above[value]) / Fraction(everything)
            result[customer_id] = "high" if share < Fraction(1, 2) else "medium" if share < Fraction(4, 5) else "low"
    return result


@dataclass(frozen=True)
class BgNbd:
    """The BG/NBD model with parameters r, alpha (in weeks), a and b."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, one: History) -> float:
        """Log-likelihood of one history: the customer is still active, or left after the last order."""
        x, age, last = one.repeats, one.age_days / 7, one.recency_days / 7
        rate = math.lgamma(self.r + x) - math.lgamma(self.r) + self.r * math.log(self.alpha)
        stayed = _log_beta(self.a, self.b + x) - _log_beta(self.a, self.b) - (self.r + x) * math.log(self.alpha + age)
        if x == 0:
            return rate + stayed
        left = _log_beta(self.a + 1, self.b + x - 1) - _log_beta(self.a, self.b)
        left -= (self.r + x) * math.log(self.alpha + last)
        return rate + max(stayed, left) + math.log1p(math.exp(-abs(stayed - left)))

    def alive(self, one: History) -> float | None:
        """Probability that the customer is still active; None without a repeat order."""
        if one.repeats == 0:
            return None
        x, age, last = one.repeats, one.age_days / 7, one.recency_days / 7
        return 1 / (1 + self.a / (self.b + x - 1) * math.pow((self.alpha + age) / (self.alpha + last), self.r + x))

    def expected(self, one: History, discount_rate: float) -> tuple[float, float]:
        """Expected order-days in a year, and the same sum with month m discounted m times."""
        alive = self.alive(one)
        plain, discounted = _expected_if_alive(self, one.repeats, one.age_days, discount_rate)
        return plain * (alive or 1.0), discounted * (alive or 1.0)


@cache
def _expected_if_alive(model: BgNbd, x: int, age_days: int, discount_rate: float) -> tuple[float, float]:
    """Expected orders of an active customer, month by month, averaged over the dropout probability p ~ Beta(a, b + x).

    Integrated with p = 1 / (1 + exp(-s)), s = sinh(w), in equal steps of w.
    """
    b, step = model.b + x, 2 * _REACH / _NODES
    plain = discounted = 0.0
    for node in range(_NODES + 1):
        w = node * step - _REACH
        s = math.sinh(w)
        log_p, log_rest = -_softplus(-s), -_softplus(s)
        weight = math.exp(model.a * log_p + b * log_rest - _log_beta(model.a, b)) * math.cosh(w) * step
        if weight < 1e-18:
            continue
        p, before = math.exp(log_p), 0.0
        for month in range(1, 13):
            weeks = YEAR_DAYS / 7 * month / 12
            so_far = -math.expm1(-(model.r + x) * math.log1p(p * weeks / (model.alpha + age_days / 7))) / p
            plain += weight * (so_far - before)
            discounted += weight * (so_far - before) / (1 + discount_rate) ** month
            before = so_far
    return plain, discounted


@dataclass(frozen=True)
class GammaGamma:
    """The Gamma-Gamma model with parameters p, q and v (in money)."""

    p: float
    q: float
    v: float

    def log_likelihood(self, one: History) -> float:
        """Log-likelihood of the mean value of a customer's repeat days with value."""
        x, mean = one.paid_repeats, float(one.paid_value) / one.paid_repeats
        shape = self.p * x
        return (
            math.lgamma(shape + self.q) - math.lgamma(shape) - math.lgamma(self.q) + self.q * math.log(self.v)
            + (shape - 1) * math.log(mean) + shape * math.log(x) - (shape + self.q) * math.log(x * mean + self.v)
        )  # fmt: skip

    def order_value(self, one: History) -> float:
        """Expected value of an order-day, in money."""
        if one.repeats and not one.paid_repeats:
            return 0.0
        return self.p * (self.v + float(one.paid_value)) / (self.p * one.paid_repeats + self.q - 1)


def is_largest(model: BgNbd | GammaGamma, histories: Iterable[History]) -> bool:
    """Whether no change of any single parameter by 2 % increases the likelihood of the histories."""
    known = list(histories)
    here = sum(map(model.log_likelihood, known))
    values = vars(model)
    return all(
        sum(map(type(model)(**{**values, name: value * factor}).log_likelihood, known)) < here
        for name, value in values.items()
        for factor in (0.98, 1.02)
    )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _softplus(value: float) -> float:
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))
