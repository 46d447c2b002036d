"""Customers: value, scores, tiers, cohorts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.customers import ALL, Customer, lifecycle_stage, tier_summary
from shopper.crosscheck.oracle.efficiency import quotient, ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import half_up, total
from shopper.crosscheck.oracle.settings import months_between
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed


def _customers(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "orders",
        "first_order_date",
        "last_order_date",
        "net_revenue",
        "goods_refund_amount",
        "credit_note_amount",
        "net_revenue_after_refunds",
        "lifecycle_stage",
        "acquisition_channel",
    )
    as_of = shop.staged.period.as_of_date
    expected: Rows = {
        one.customer_id: (
            len(one.orders), one.first_order_date, one.last_order_date, one.net_revenue,
            total(order.goods_refund_amount for order in one.orders),
            total(note.goods_amount for note in one.credit_notes), one.net_revenue_after_refunds,
            lifecycle_stage(one, as_of), shop.acquisition_channels[one.customer_id],
        )
        for one in shop.customers.values()
        if as_of
    }  # fmt: skip
    return (
        columns,
        expected,
        keyed(reader.rows("customers", where=f"orders > 0 and customer_id <> '{UNKNOWN}'"), ["customer_id"], columns),
    )


_MONTH: Final = Fraction(487, 16)
"""Days of a month: a twelfth of 365.25."""


def _rates(shop: Shop, reader: Reader) -> Sides:
    """What customers spend and order per order, month and gap between orders."""
    columns = (
        "aov", "monthly_spend", "order_span_days", "mean_order_gap_days", "window_orders", "window_months",
        "orders_per_month", "distinct_products",
    )  # fmt: skip
    as_of = shop.staged.period.as_of_date
    least = int(reader.rows("customer_rules", "reference")[0]["min_frequency_months"])
    expected: Rows = {one.customer_id: _rate_cells(shop, one, as_of, least) for one in shop.customers.values() if as_of}
    rows = reader.rows("customers", where=f"orders > 0 and customer_id <> '{UNKNOWN}'")
    return columns, expected, keyed(rows, ["customer_id"], columns)


def _rate_cells(shop: Shop, one: Customer, as_of: date, least: int) -> tuple[Any, ...]:
    """least: a rate is of at least so many months."""
    age, span = (as_of - one.first_order_date).days, (one.last_order_date - one.first_order_date).days
    spend = one.net_revenue_after_refunds
    monthly = half_up(abs(spend) * 487, Decimal(max(487, 16 * age)))
    in_window = shop.rfm[one.customer_id].frequency if one.customer_id in shop.rfm else 0
    months = max(Fraction(least), min(shop.staged.settings.rfm_window_days, age) / _MONTH)
    sold = [line.product_id for order in one.orders for line in order.lines if line.quantity > 0]
    has_lines = bool(shop.staged.rows["order_items"]) and bool(sold)
    return (
        quotient(one.net_revenue, len(one.orders)),
        -monthly if spend < 0 else monthly,
        span,
        ratio(span, len(one.orders) - 1),
        in_window,
        float(months),
        float(in_window / months),
        len({product_id for product_id in sold if product_id is not None}) if has_lines else None,
    )


def _no_unknown(shop: Shop, reader: Reader) -> Sides:
    """Orders of unknown guests count in revenue, but not in any customer's value or tier."""
    known = reader.rows("customer_rfm", where=f"customer_id = '{UNKNOWN}'")
    return ("rows",), {UNKNOWN: (0,)}, {UNKNOWN: (len(known),)}


def _rfm(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "recency_days", "frequency", "monetary", "net_revenue", "r_score", "f_score", "m_score", "rfm_segment",
        "customer_tier",
    )  # fmt: skip
    expected = {
        one.customer_id: (
            one.recency_days, one.frequency, one.monetary, one.net_revenue, *(one.scores or (None, None, None)),
            one.rfm_segment, one.customer_tier,
        )
        for one in shop.rfm.values()
    }  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_rfm"), ["customer_id"], columns)


def _value_classes(shop: Shop, reader: Reader) -> Sides:
    """Each class is one of the eight combinations of high and low."""
    names = {
        (_is_true(row["is_recent"]), _is_true(row["is_frequent"]), _is_true(row["is_high_value"])): row[
            "rfm_value_class"
        ]
        for row in reader.rows("rfm_value_classes", "reference")
    }
    expected = {one.customer_id: (names[one.highs],) for one in shop.rfm.values()}
    return ("rfm_value_class",), expected, keyed(reader.rows("customer_rfm"), ["customer_id"], ("rfm_value_class",))


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


def _tiers(shop: Shop, reader: Reader) -> Sides:
    """Revenue is before refunds; its share is after refunds."""
    columns = (
        "customers", "window_customers", "customer_share", "net_revenue", "net_revenue_after_refunds",
        "window_net_revenue_after_refunds", "revenue_share",
    )  # fmt: skip
    money = total(one.monetary for one in shop.rfm.values())
    expected = {
        tier: (
            len(members), len(shop.rfm), ratio(len(members), len(shop.rfm)), total(one.net_revenue for one in members),
            total(one.monetary for one in members), money, ratio(total(one.monetary for one in members), money),
        )
        for tier, members in tier_summary(shop.rfm.values()).items()
    }  # fmt: skip
    where = "customers > 0 and customer_tier <> 'none'"
    return columns, expected, keyed(reader.rows("customer_tier_summary", where=where), ["customer_tier"], columns)


def _cohorts(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "cohort_customers", "eligible_customers", "active_customers", "retention_rate", "orders", "net_revenue",
        "cumulative_orders", "cumulative_net_revenue",
    )  # fmt: skip
    as_of = shop.staged.period.as_of_date
    expected: Rows = {}
    for (month, since, channel), cell in shop.cohorts.items():
        so_far = [shop.cohorts[month, earlier, channel] for earlier in range(since + 1)]
        # A month is complete once its last day is over.
        is_complete = as_of is not None and months_between(month, as_of + timedelta(days=1)) > since
        expected[month, since, channel] = (
            cell.cohort_customers, cell.cohort_customers, cell.active_customers,
            ratio(cell.active_customers, cell.cohort_customers) if is_complete else None, cell.orders, cell.net_revenue,
            sum(one.orders for one in so_far), total(one.net_revenue for one in so_far),
        )  # fmt: skip
    marts = {"retention_cohorts": {}, "retention_cohorts_overall": {"acquisition_channel": ALL}}
    rows = reader.together(marts, "active_customers is not null")
    return columns, expected, keyed(rows, ["cohort_month", "months_since", "acquisition_channel"], columns)


CHECKS: Final = (
    Check(
        "customers",
        "orders, value, lifecycle, acquisition",
        "marts",
        "customers",
        _customers,
        "net_revenue_after_refunds",
    ),
    Check("customers", "spend and orders by order, month and gap", "marts", "customers", _rates),
    Check("rfm", "measures, scores, segment, tier", "marts", "customer_rfm", _rfm, "monetary"),
    Check("rfm", "value class", "marts", "customer_rfm", _value_classes),
    Check("rfm", "no row for unknown customers", "marts", "customer_rfm", _no_unknown),
    Check("tiers", "customers and revenue by tier", "marts", "customer_tier_summary", _tiers, "net_revenue"),
    Check(
        "cohorts",
        "customers, orders, revenue by cell",
        "marts",
        "retention_cohorts",
        _cohorts,
        "net_revenue",
        also=("retention_cohorts_overall",),
    ),
)
