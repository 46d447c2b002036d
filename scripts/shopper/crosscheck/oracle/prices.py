"""Second computation of price elasticity: weeks from single order lines, regression with a dummy for each month."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from shopper.crosscheck.oracle.money import product, total
from shopper.crosscheck.oracle.orders import Line
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop

Matrix = npt.NDArray[np.float64]

_STEPS: Final = 200
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Sales:
    """Sales of a product in a week: units, net revenue, and the net unit price of each order with the product."""

    units: Decimal
    revenue: Decimal
    unit_prices: tuple[Fraction, ...]

    @property
    def mean_price(self) -> Fraction:
        """Mean of the unit prices; each order counts once."""
        return sum(self.unit_prices, Fraction()) / len(self.unit_prices)

    @property
    def net_price(self) -> Fraction:
        """Net revenue per unit; each unit counts once."""
        return Fraction(self.revenue) / Fraction(self.units)


@dataclass(frozen=True)
class Week:
    """A full week in which a product was on sale, with its last known price."""

    monday: date
    units: Decimal
    price: Fraction
    is_promoted: bool


@dataclass(frozen=True)
class Slope:
    """Slope of the logarithm of units on the logarithm of price, and its 95 % interval."""

    elasticity: float
    low: float
    high: float


def monday_of(day: date) -> date:
    """The Monday of the week."""
    return day - timedelta(days=day.weekday())


def weekly_sales(shop: Shop) -> dict[str, dict[date, Sales]]:
    """Sales in valid orders, by product and week."""
    purchases: dict[str, dict[date, list[list[Line]]]] = defaultdict(lambda: defaultdict(list))
    for order in shop.orders:
        bought: dict[str, list[Line]] = defaultdict(list)
        for line in order.lines if order.is_valid else []:
            if line.product_id is not None and line.quantity > 0 and line.net_revenue > 0:
                bought[line.product_id].append(line)
        for name, lines in bought.items():
            purchases[name][monday_of(order.order_date)].append(lines)
    return {name: {week: _sales(orders) for week, orders in weeks.items()} for name, weeks in purchases.items()}


def _sales(orders: Sequence[Sequence[Line]]) -> Sales:
    lines = [line for order in orders for line in order]
    prices = tuple(round(_revenue(order) / _units(order), 6) for order in orders)
    return Sales(sum((line.quantity for line in lines), Decimal(0)), total(line.net_revenue for line in lines), prices)


def _revenue(lines: Sequence[Line]) -> Fraction:
    return sum((Fraction(line.net_revenue) for line in lines), Fraction())


def _units(lines: Sequence[Line]) -> Fraction:
    return sum((Fraction(line.quantity) for line in lines), Fraction())


def promoted_weeks(shop: Shop, rules: Row) -> set[date]:
    """Weeks with a day of a short promotion."""
    found = set()
    for row in shop.staged.rows["promotions"]:
        if row["starts_at"] is None or row["ends_at"] is None or row["starts_at"] > row["ends_at"]:
            continue
        first, last = (shop.staged.settings.local_date(row[name]) for name in ("starts_at", "ends_at"))
        days = (last - first).days + 1
        if days <= rules["max_promotion_days"]:
            found |= {monday_of(first + timedelta(days=number)) for number in range(days)}
    return found


def weeks_on_sale(shop: Shop, sales: Mapping[date, Sales], promoted: set[date]) -> list[Week]:
    """The full weeks from the first to the last sale of a product."""
    first, last = shop.staged.period.first_date, shop.staged.period.as_of_date
    assert first and last
    full = {week for week in sales if week >= first and week + timedelta(days=6) <= last}
    weeks: list[Week] = []
    day = min(full, default=None)
    while day is not None and day <= max(full):
        price = sales[day].mean_price if day in full else weeks[-1].price
        weeks.append(Week(day, sales[day].units if day in full else Decimal(0), price, day in promoted))
        day += timedelta(days=7)
    return weeks


def price_points(prices: Sequence[Fraction], step: Decimal) -> int:
    """Number of distinct prices: each is higher than the one before by at least the relative step."""
    lows: list[Fraction] = []
    for price in sorted(prices):
        if not lows or price >= lows[-1] * (1 + Fraction(step)):
            lows.append(price)
    return len(lows)


def slope(weeks: Sequence[Week]) -> Slope | str:
    """The slope of the regression, by Newton's method on all parameters at once; or the reason why there is none."""
    weeks = _usable_weeks(weeks)
    months = sorted({month_of(week.monday) for week in weeks})
    kinds = {(month_of(week.monday), week.is_promoted) for week in weeks}
    has_promotion = len(kinds) > len(months)
    design = np.array([_row(week, months, has_promotion) for week in weeks]).reshape(len(weeks), -1)
    units = np.array([float(week.units) for week in weeks])
    slopes = 1 + has_promotion
    if not len(weeks) or not _is_identified(design, slopes):
        return "no_moves_within_months"
    parameters = _fitted(design, units, slopes)
    freedom = len(units) - design.shape[1]
    if parameters is None or freedom <= 0:
        return "not_converged"
    mean = np.exp(design @ parameters)
    bread = np.linalg.inv(design.T @ (design * mean[:, None]))
    filling = design.T @ (design * ((units - mean) ** 2)[:, None])
    error = math.sqrt((bread @ filling @ bread)[0, 0] * len(units) / freedom)
    reach = float(stats.t.isf(0.025, freedom)) * error
    return Slope(float(parameters[0]), float(parameters[0]) - reach, float(parameters[0]) + reach)


def _usable_weeks(weeks: Sequence[Week]) -> list[Week]:
    """Drop weeks without information: months without sales, and promoted or regular weeks if that kind sold nothing."""
    sold: dict[date, Decimal] = defaultdict(Decimal)
    kinds: dict[date, set[bool]] = defaultdict(set)
    for week in weeks:
        sold[month_of(week.monday)] += week.units
        kinds[month_of(week.monday)].add(week.is_promoted)
    left = [week for week in weeks if sold[month_of(week.monday)]]
    mixed = [week for week in left if len(kinds[month_of(week.monday)]) == 2]
    silent = {kind for kind in (True, False) if not any(week.units for week in mixed if week.is_promoted is kind)}
    return [week for week in left if week not in mixed or week.is_promoted not in silent]


def _row(week: Week, months: Sequence[date], has_promotion: bool) -> list[float]:
    effects = [float(month == month_of(week.monday)) for month in months]
    return [math.log(week.price), *([float(week.is_promoted)] if has_promotion else []), *effects]


def _is_identified(design: Matrix, slopes: int) -> bool:
    """Whether the slopes can be separated from the month effects: the residuals on the months have full rank."""
    effects = design[:, slopes:]
    left = design[:, :slopes] - effects @ ((effects.T @ design[:, :slopes]) / effects.sum(axis=0)[:, None])
    sizes = np.sqrt((left**2).sum(axis=0))
    if (sizes < 1e-6).any():
        return False
    scaled = left / sizes
    return bool(np.linalg.eigvalsh(scaled.T @ scaled)[0] > 1e-8 / 2)


def _fitted(design: Matrix, units: Matrix, slopes: int) -> Matrix | None:
    """The maximum likelihood parameters; None if the likelihood has no maximum (fitted units go to zero)."""
    effects = design[:, slopes:]
    parameters = np.concatenate([np.zeros(slopes), np.log(effects.T @ units / effects.sum(axis=0))])
    for _ in range(_STEPS):
        mean = np.exp(design @ parameters)
        if (mean < _TINY * (effects @ (effects.T @ units))).any():
            return None
        step = np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (units - mean))
        while _log_likelihood(design, units, parameters + step) < _log_likelihood(design, units, parameters) - 1e-9:
            step = step / 2
        parameters = parameters + step
        if float(np.abs(step).max()) < 1e-10 * (1 + float(np.abs(parameters).max())):
            return np.asarray(parameters)
    return None


def _log_likelihood(design: Matrix, units: Matrix, parameters: Matrix) -> float:
    logs = np.clip(design @ parameters, None, 500)
    return float((units * logs - np.exp(logs)).sum())


def competitor_levels(shop: Shop, rules: Row) -> dict[str, list[Decimal]]:
    """The latest recent price of each competitor by product, in the reporting currency."""
    as_of = shop.staged.period.as_of_date
    assert as_of
    latest: dict[tuple[str, str], Any] = {}
    for row in shop.staged.rows["competitor_prices"]:
        if (as_of - row["price_date"]).days < rules["competitor_price_days"]:
            key = row["product_id"], row["competitor"]
            if key not in latest or row["price_date"] > latest[key]["price_date"]:
                latest[key] = row
    levels: dict[str, list[Decimal]] = defaultdict(list)
    for (name, _), row in latest.items():
        rate = shop.staged.rates.on(row["currency"], row["price_date"])
        if rate is not None and product(row["price"], rate) > 0:
            levels[name].append(product(row["price"], rate))
    return levels
