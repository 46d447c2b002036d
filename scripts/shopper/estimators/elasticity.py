"""Price elasticities by Poisson regression with month effects, for the Python model int_price_elasticities.

Weekly units have the mean exp(month effect + elasticity x log price + effect of a promotion). The month effects are
concentrated out: given the slopes, the weeks of a month share its units in proportion to exp(slopes x week), so that
Newton's method runs on one or two slopes however many months there are. Estimates and robust errors are those of the
regression with a dummy variable for each month (Cameron and Trivedi 2013, "Regression Analysis of Count Data", 2nd
edition, sections 3.2.3 and 9.4). Months without sales, and promotions without any sale, have an effect of minus
infinity and carry no information on prices: they are dropped (Correia, Guimaraes, Zylkin 2020, "Fast Poisson
estimation with high-dimensional fixed effects", Stata Journal 20).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from shopper.estimators.rounding import ten_digits

Floats = npt.NDArray[np.float64]
Months = npt.NDArray[np.int64]

FITTED: Final = "fitted"
TOO_FEW_WEEKS: Final = "too_few_weeks"
TOO_FEW_PRICES: Final = "too_few_prices"
NOT_IDENTIFIED: Final = "no_moves_within_months"
NOT_CONVERGED: Final = "not_converged"

ELASTICITIES: Final = pa.schema(
    [
        ("product_id", pa.string()),
        ("model_status", pa.string()),
        ("price_points", pa.int64()),
        ("weeks", pa.int64()),
        ("weeks_on_sale", pa.int64()),
        ("elasticity", pa.float64()),
        ("elasticity_low", pa.float64()),
        ("elasticity_high", pa.float64()),
        ("promotion_effect", pa.float64()),
    ]
)

_LEVEL: Final = 0.975
_MOST_STEPS: Final = 60
_MOST_HALVINGS: Final = 40
_STEP_LIMIT: Final = 1e-9
_LIKELIHOOD_NOISE: Final = 1e-11
# Below this spread of log prices within all months there is one price; below this determinant slopes are not
# identified.
_LEAST_SPREAD: Final = 1e-12
_LEAST_DETERMINANT: Final = 1e-8
# Relative difference that is only rounding of a division, not a price step.
_SAME_PRICE: Final = 1e-12


@dataclass(frozen=True)
class Weeks:
    """Weeks of one product in order, as arrays of equal length. `month`: any distinct number for each month; `price` >
    0; `promotion`: 0 or 1.
    """

    month: Months
    units: Floats
    price: Floats
    promotion: Floats

    def where(self, chosen: slice | npt.NDArray[np.bool_]) -> Weeks:
        """A selection of the weeks."""
        return Weeks(self.month[chosen], self.units[chosen], self.price[chosen], self.promotion[chosen])


@dataclass(frozen=True)
class Fit:
    """Slope of log units on log price with its robust standard error, and the log effect of promotions (None without).

    `freedom`: weeks less parameters, for the quantile of Student's t.
    """

    elasticity: float
    error: float
    freedom: int
    promotion_effect: float | None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the elasticity."""
        reach = float(stats.t.ppf(_LEVEL, self.freedom)) * self.error
        return self.elasticity - reach, self.elasticity + reach


def elasticities(weeks: pa.Table, rules: pa.Table) -> pa.Table:
    """The columns of `ELASTICITIES`, one row per product, by product.

    weeks: product_id, week_date, month, units, unit_prices and priced_purchases (their ratio is the price; in a week
    without a sale, the last known one), has_sale, is_on_promotion. One row per product and week on sale. rules: one row
    with min_price_points, min_weeks and price_step, the relative difference between two distinct prices. Estimates are
    null unless model_status is `fitted`; doubles have ten significant digits.
    """
    rule = rules.to_pylist()[0]
    step = 1 + float(rule["price_step"])
    rows: list[dict[str, Any]] = []
    for product_id, of_product, sold in _products(weeks):
        row: dict[str, Any] = {
            "product_id": product_id,
            "price_points": price_points(of_product.price[sold], step),
            "weeks": int(sold.sum()),
            "weeks_on_sale": len(sold),
        }
        if row["weeks"] < rule["min_weeks"]:
            row["model_status"] = TOO_FEW_WEEKS
        elif row["price_points"] < rule["min_price_points"]:
            row["model_status"] = TOO_FEW_PRICES
        else:
            row |= _estimates(fit(of_product))
        rows.append(row)
    return pa.Table.from_pylist(rows, ELASTICITIES)


def _products(weeks: pa.Table) -> Iterator[tuple[str, Weeks, npt.NDArray[np.bool_]]]:
    """Each product with its weeks, and which of them had a sale."""
    weeks = weeks.sort_by([("product_id", "ascending"), ("week_date", "ascending")])
    names = weeks["product_id"].to_pylist()
    sold = np.asarray(weeks["has_sale"].to_pylist(), dtype=np.bool_)
    everything = Weeks(
        np.asarray(weeks["month"].to_pylist(), dtype="datetime64[M]").astype(np.int64),
        _floats(weeks, "units"),
        _floats(weeks, "unit_prices") / _floats(weeks, "priced_purchases"),
        np.asarray(weeks["is_on_promotion"].to_pylist(), dtype=np.float64),
    )
    starts = [place for place, name in enumerate(names) if place == 0 or name != names[place - 1]]
    for first, last in pairwise([*starts, len(names)]):
        yield names[first], everything.where(slice(first, last)), sold[first:last]


def _estimates(found: Fit | str) -> dict[str, Any]:
    """The columns of a fit, or the reason why there is none."""
    if isinstance(found, str):
        return {"model_status": found}
    low, high = found.interval
    return {
        "model_status": FITTED,
        "elasticity": ten_digits(found.elasticity),
        "elasticity_low": ten_digits(low),
        "elasticity_high": ten_digits(high),
        "promotion_effect": None if found.promotion_effect is None else ten_digits(found.promotion_effect),
    }


def price_points(prices: Floats, step: float) -> int:
    """Number of distinct prices: ascending, a new one starts at `step` (above 1) times the lowest of the last."""
    points, lowest = 0, 0.0
    for price in np.sort(prices):
        if points == 0 or price >= lowest * step * (1 - _SAME_PRICE):
            points, lowest = points + 1, float(price)
    return points


def fit(weeks: Weeks) -> Fit | str:
    """The regression of one product, or why there is none: `no_moves_within_months` or `not_converged`."""
    weeks = _informative(weeks)
    design = np.stack([np.log(weeks.price), weeks.promotion])
    months, place = np.unique(weeks.month, return_inverse=True)
    apart = _demeaned(design, np.ones(len(place)), place)
    if _product(apart[1], apart[1]) <= _LEAST_SPREAD:
        design, apart = design[:1], apart[:1]
    spread = _products_of(apart, np.ones(len(place)))
    if spread[0, 0] <= _LEAST_SPREAD or _determinant(spread) <= _LEAST_DETERMINANT * float(np.prod(np.diag(spread))):
        return NOT_IDENTIFIED
    freedom = len(place) - len(months) - len(design)
    with np.errstate(all="ignore"):
        slopes = _climbed(weeks.units, design, place)
        if slopes is None or freedom <= 0:
            return NOT_CONVERGED
        mean = _mean(weeks.units, design, place, slopes)
        error = _robust_error(weeks.units, mean, _demeaned(design, mean, place)) * math.sqrt(len(place) / freedom)
    if not math.isfinite(error):
        return NOT_CONVERGED
    return Fit(float(slopes[0]), error, freedom, float(slopes[1]) if len(slopes) > 1 else None)


def _informative(weeks: Weeks) -> Weeks:
    """Drop months without sales, and weeks on (or off) promotion if these never had a sale.

    Only months with both kinds of weeks carry information on promotions.
    """
    _, place = np.unique(weeks.month, return_inverse=True)
    weeks = weeks.where(np.bincount(place, weeks.units)[place] > 0)
    _, place = np.unique(weeks.month, return_inverse=True)
    promoted, all_weeks = np.bincount(place, weeks.promotion), np.bincount(place)
    is_mixed = ((promoted > 0) & (promoted < all_weeks))[place]
    is_silent = np.zeros(len(place), dtype=np.bool_)
    for kind in (0.0, 1.0):
        of_kind = is_mixed & (weeks.promotion == kind)
        if float(weeks.units[of_kind].sum()) == 0:
            is_silent |= of_kind
    return weeks.where(~is_silent)


def _climbed(units: Floats, design: Floats, place: Months) -> Floats | None:
    """Maximum likelihood slopes (the likelihood is concave), by Newton steps with halving; None if it does not
    converge.
    """
    slopes = np.zeros(len(design))
    for _ in range(_MOST_STEPS):
        mean = _mean(units, design, place, slopes)
        apart = _demeaned(design, mean, place)
        inverse = _inverse(_products_of(apart, mean))
        step = (inverse * (apart * (units - mean)).sum(axis=1)).sum(axis=1)
        if not np.isfinite(step).all():
            return None
        if np.abs(step).max() < _STEP_LIMIT * (1 + np.abs(slopes).max()):
            return np.asarray(slopes + step)
        here = _likelihood(units, mean)
        # Near the maximum, the gain of a step is below rounding; a loss within that noise does not cause halving.
        floor = here - _LIKELIHOOD_NOISE * (1 + abs(here))
        for _ in range(_MOST_HALVINGS):
            if _likelihood(units, _mean(units, design, place, slopes + step)) >= floor:
                break
            step = step / 2
        slopes = slopes + step
    return None


def _mean(units: Floats, design: Floats, place: Months, slopes: Floats) -> Floats:
    """Expected units of each week: the units of its month, split in proportion to exp(slopes x week)."""
    logs = (design * slopes[:, None]).sum(axis=0)
    highest = np.full(place.max() + 1, -np.inf)
    np.maximum.at(highest, place, logs)
    parts = np.exp(logs - highest[place])
    return np.asarray(parts * (np.bincount(place, units) / np.bincount(place, parts))[place])


def _likelihood(units: Floats, mean: Floats) -> float:
    """Log-likelihood without the terms that do not depend on the slopes."""
    sold = units > 0
    return float((units[sold] * np.log(mean[sold])).sum())


def _demeaned(design: Floats, weights: Floats, place: Months) -> Floats:
    """The values less their weighted mean in the month."""
    total = np.bincount(place, weights)
    return np.stack([row - (np.bincount(place, weights * row) / total)[place] for row in design])


def _robust_error(units: Floats, mean: Floats, apart: Floats) -> float:
    """Robust standard error of the first slope (sandwich estimator HC0; the caller scales it to HC1).

    Source: White 1980. `apart`: the design less its monthly means, weighted with `mean`.
    """
    bread = _inverse(_products_of(apart, mean))
    filling = _products_of(apart, (units - mean) ** 2)
    row = bread[0]
    variance = float((row[:, None] * filling * row[None, :]).sum())
    return math.sqrt(variance) if variance >= 0 else math.nan


def _product(one: Floats, other: Floats) -> float:
    return float((one * other).sum())


def _products_of(rows: Floats, weights: Floats) -> Floats:
    """The weighted products of all rows with each other, summed in a fixed order, unlike a matrix product."""
    return np.asarray([[_product(one * weights, other) for other in rows] for one in rows])


def _determinant(matrix: Floats) -> float:
    """The determinant of a matrix of one or two rows."""
    if len(matrix) == 1:
        return float(matrix[0, 0])
    return float(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])


def _inverse(matrix: Floats) -> Floats:
    """The inverse of a symmetric matrix of one or two rows; not finite if there is none."""
    if len(matrix) == 1:
        return np.asarray(1 / matrix)
    turned = np.asarray([[matrix[1, 1], -matrix[0, 1]], [-matrix[1, 0], matrix[0, 0]]])
    return np.asarray(turned / _determinant(matrix))


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray([float(value) for value in table[name].to_pylist()], dtype=np.float64)
