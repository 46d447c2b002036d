"""Prices: elasticities, and own prices compared with competitors'."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.prices import (
    Slope,
    Week,
    competitor_levels,
    price_points,
    promoted_weeks,
    slope,
    weekly_sales,
    weeks_on_sale,
)
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_COUNTS: Final = ("model_status", "weeks", "weeks_on_sale", "price_points")
_SLOPES: Final = ("verdict", "elasticity", "elasticity_low", "elasticity_high")
_LEVELS: Final = ("net_price", "net_price_date", "competitors", "competitor_price", "relative_price")


def _elasticities(shop: Shop, reader: Reader) -> Sides:
    rules = reader.rows("elasticity_rules", "reference")[0]
    promoted = promoted_weeks(shop, rules)
    rows = {row["product_id"]: row for row in reader.rows("price_elasticity")}
    expected: Rows = {}
    for name, sales in weekly_sales(shop).items():
        weeks = weeks_on_sale(shop, sales, promoted)
        sold = [week for week in weeks if week.units]
        points = price_points([week.price for week in sold], rules["price_step"])
        found = _found(weeks, len(sold), points, rules)
        estimates = (found.elasticity, found.low, found.high) if isinstance(found, Slope) else (None, None, None)
        cells = rows.get(name, {})
        expected[name] = (
            "fitted" if isinstance(found, Slope) else found, len(sold), len(weeks), points, _verdict(found),
            *(_near(one, cells.get(column)) for one, column in zip(estimates, _SLOPES[1:], strict=True)),
        )  # fmt: skip
    columns = (*_COUNTS, *_SLOPES)
    return columns, expected, keyed(rows.values(), ["product_id"], columns)


def _found(weeks: list[Week], sold: int, points: int, rules: Row) -> Slope | str:
    if sold < rules["min_weeks"]:
        return "too_few_weeks"
    return "too_few_prices" if points < rules["min_price_points"] else slope(weeks)


def _verdict(found: Slope | str) -> str:
    if not isinstance(found, Slope):
        return "unclear" if found == "not_converged" else "not_enough_price_moves"
    if found.high < -1:
        return "elastic"
    return "inelastic" if found.low > -1 and found.high < 1 else "unclear"


def _near(expected: float | None, actual: Any) -> Any:
    """The warehouse's estimate if it is within tolerance: two optimisers end about a millionth apart."""
    if expected is None or actual is None or not math.isclose(expected, actual, rel_tol=1e-6, abs_tol=1e-6):
        return expected
    return actual


def _levels(shop: Shop, reader: Reader) -> Sides:
    rules = reader.rows("elasticity_rules", "reference")[0]
    as_of, levels = shop.staged.period.as_of_date, competitor_levels(shop, rules)
    assert as_of
    expected: Rows = {}
    for name, sales in weekly_sales(shop).items():
        week, others = max(sales), levels.get(name, [])
        mean = sum(map(Fraction, others), Fraction()) / len(others) if others else None
        is_recent = (as_of - week).days < rules["competitor_price_days"]
        expected[name] = (
            float(sales[week].net_price), week, len(others), None if mean is None else float(mean),
            float(sales[week].net_price / mean) if mean and is_recent else None,
        )  # fmt: skip
    return _LEVELS, expected, keyed(reader.rows("price_elasticity"), ["product_id"], _LEVELS)


CHECKS: Final = (
    Check("prices", "elasticities and verdicts", "marts", "price_elasticity", _elasticities, "weeks"),
    Check("prices", "own prices beside competitors'", "marts", "price_elasticity", _levels, "competitors"),
)
