"""Customers: value, scores, tiers, cohorts."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.oracle.customers import ALL, lifecycle_stage, tier_summary
from shopper.crosscheck.oracle.efficiency import ratio
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import total
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


def _no_unknown(shop: Shop, reader: Reader) -> Sides:
    """Orders of unknown guests count in revenue, but not in any customer's value or tier."""
    known = reader.rows("customer_rfm", where=f"customer_id = '{UNKNOWN}'")
    return ("rows",), {UNKNOWN: (0,)}, {UNKNOWN: (len(known),)}


def _rfm(shop: Shop, reader: Reader) -> Sides:
    columns = ("recency_days", "frequency", "monetary", "r_score", "f_score", "m_score", "rfm_segment", "customer_tier")
    expected = {
        one.customer_id: (
            one.recency_days, one.frequency, one.monetary, *(one.scores or (None, None, None)), one.rfm_segment,
            one.customer_tier,
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
    columns = ("customers", "customer_share", "net_revenue", "revenue_share")
    money = total(one.monetary for one in shop.rfm.values())
    expected = {
        tier: (
            len(members), ratio(len(members), len(shop.rfm)), total(one.net_revenue for one in members),
            ratio(total(one.monetary for one in members), money),
        )
        for tier, members in tier_summary(shop.rfm.values()).items()
    }  # fmt: skip
    where = "customers > 0 and customer_tier <> 'none'"
    return columns, expected, keyed(reader.rows("customer_tier_summary", where=where), ["customer_tier"], columns)


def _cohorts(shop: Shop, reader: Reader) -> Sides:
    columns = ("cohort_customers", "active_customers", "orders", "net_revenue")
    expected = {
        key: (cell.cohort_customers, cell.active_customers, cell.orders, cell.net_revenue)
        for key, cell in shop.cohorts.items()
    }
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
