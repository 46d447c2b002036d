"""Figures of a mart that follow from others of the same row, or of the rows of the same group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.money import half_up
from shopper.crosscheck.oracle.service import wilson
from shopper.crosscheck.oracle.shop import Shop

Cells = Mapping[str, Any]
Formula = Callable[[Cells], Any]


def _share(part: str, *whole: str) -> Formula:
    """A part in the product of the other columns; None where that is 0 or unknown."""

    def value(row: Cells) -> float | None:
        if row[part] is None or any(row[name] is None for name in whole):
            return None
        divisor = prod(Fraction(row[name]) for name in whole)
        return float(Fraction(row[part]) / divisor) if divisor > 0 else None

    return value


def _end(hits: str, trials: str, place: int) -> Formula:
    """An end of Wilson's interval of a share: the lower one for place 0."""
    return lambda row: None if row[hits] is None or row[trials] is None else wilson(row[hits], row[trials])[place]


def _interval(name: str, hits: str, trials: str) -> dict[str, Formula]:
    return {f"{name}_low": _end(hits, trials, 0), f"{name}_high": _end(hits, trials, 1)}


def _mean(amount: str, count: str) -> Formula:
    """The amount by the count in cents; None where the count is 0 or one of them is unknown."""
    return lambda row: half_up(row[amount], Decimal(row[count])) if row[amount] is not None and row[count] else None


def _less(whole: str, *parts: str) -> Formula:
    """What is left of a column without others; None where one of them is unknown."""
    return lambda row: (
        None if any(row[name] is None for name in (whole, *parts)) else row[whole] - sum(row[name] for name in parts)
    )


def _once_complete(formula: Formula) -> Formula:
    """Null while the window of the row's entries is open."""
    return lambda row: formula(row) if row["is_complete"] else None


_FUNNEL: Final[Mapping[str, Formula]] = {
    "step_conversion_rate": _once_complete(_share("reached", "entered")),
    "overall_conversion_rate": _once_complete(_share("reached", "entries")),
}


_FOLLOWING: Final[Mapping[str, Mapping[str, Formula]]] = {
    "churn_signal_backtest": {
        "churn_rate_with": _share("churned_with", "customers_with"),
        **_interval("churn_rate_with", "churned_with", "customers_with"),
        "churn_rate_without": _share("churned_without", "customers_without"),
        **_interval("churn_rate_without", "churned_without", "customers_without"),
        "customers_unobserved": _less("customers", "customers_with", "customers_without"),
    },
    "content_performance": {"exit_rate": _share("exits", "views")},
    "conversion_paths": {"conversion_rate": _share("conversions", "paths")},
    "customer_activity_daily": {
        "stickiness": _share("daily_active", "monthly_active"),
        "returning_visitors": _less("daily_active", "new_visitors"),
        "customer_stickiness": _share("daily_active_customers", "monthly_active_customers"),
        "returning_customers": _less("daily_active_customers", "new_customers"),
    },
    "friction_factors": {
        "next_step_rate": _share("next_steps", "exposures"),
        **_interval("next_step_rate", "next_steps", "exposures"),
        "exit_rate": _share("exits", "exposures"),
        **_interval("exit_rate", "exits", "exposures"),
    },
    "funnel_daily": _FUNNEL,
    "order_items": {
        "kept_quantity": _less("quantity", "returned_quantity"),
        "net_revenue_after_refunds": _less("net_revenue", "goods_refund_amount"),
    },
    "orders": {"cost_covered_share": _share("covered_net_revenue", "net_revenue")},
    "payment_methods": {"share": _share("succeeded", "month_succeeded")},
    "purchase_timing": {"aov": _mean("net_revenue", "orders")},
    "recommendation_backtest": {
        **_interval("hit_rate", "hits", "customers"),
        "hit_share": _share("products_hit", "customers", "k"),
    },
    "recommendation_performance": {
        "same_category_click_through_rate": _share("same_category_clicked", "same_category_impressions"),
        "product_add_to_cart_rate": _share("product_carted", "impressions"),
    },
    "referrals": {
        "referred_per_sharer": _share("referred_customers", "sharers"),
        "repurchase_rate_90d": _share("repurchasing_buyers", "matured_buyers"),
    },
    "refunds": {"refund_amount": lambda row: row["goods_amount"] + row["other_amount"]},
    "retention_cohorts": {"cumulative_net_revenue_per_customer": _mean("cumulative_net_revenue", "cohort_customers")},
    "retention_cohorts_overall": {
        "cumulative_net_revenue_per_customer": _mean("cumulative_net_revenue", "cohort_customers")
    },
    "return_reasons": {"amount_share": _share("amount", "category_amount")},
    "sessions": {"seconds_per_page": _share("duration_seconds", "page_views")},
    "shopper_type_summary": {
        "time_share": _share("duration_seconds", "all_duration_seconds"),
        "page_share": _share("page_views", "all_page_views"),
        "pages_per_person": _share("page_views", "people"),
        "order_share": _share("orders", "all_orders"),
    },
    "visitor_funnel_daily": _FUNNEL,
}
"""Column by column: what it is of the row's other columns."""

_TOTALS: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]]] = {
    "payment_methods": (("month",), {"month_succeeded": "succeeded"}),
    "shopper_type_summary": (
        (),
        {
            "all_people": "people",
            "all_duration_seconds": "duration_seconds",
            "all_page_views": "page_views",
            "all_orders": "orders",
        },
    ),
}
"""Mart by mart: the columns that make a group, and which column is the total of which in it."""


def _following(mart: str) -> Callable[[Shop, Reader], Sides]:
    formulas = _FOLLOWING[mart]

    def sides(shop: Shop, reader: Reader) -> Sides:
        expected: Rows = {}
        actual: Rows = {}
        for number, row in enumerate(reader.rows(mart)):
            expected[number] = tuple(formula(row) for formula in formulas.values())
            actual[number] = tuple(row[column] for column in formulas)
        return tuple(formulas), expected, actual

    return sides


def _totals(mart: str) -> Callable[[Shop, Reader], Sides]:
    keys, columns = _TOTALS[mart]

    def sides(shop: Shop, reader: Reader) -> Sides:
        rows = reader.rows(mart)
        found: dict[tuple[Any, ...], list[Cells]] = defaultdict(list)
        for row in rows:
            found[_group(row, keys)].append(row)
        expected: Rows = {}
        actual: Rows = {}
        for number, row in enumerate(rows):
            group = found[_group(row, keys)]
            expected[number] = tuple(_sum(one[column] for one in group) for column in columns.values())
            actual[number] = tuple(row[column] for column in columns)
        return tuple(columns), expected, actual

    return sides


def _group(row: Cells, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


def _sum(values: Any) -> Any:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


CHECKS: Final = (
    *(Check("figures", f"{mart}: by other columns of the row", "marts", mart, _following(mart)) for mart in _FOLLOWING),
    *(Check("figures", f"{mart}: totals of rows", "marts", mart, _totals(mart)) for mart in _TOTALS),
)
