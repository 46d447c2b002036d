"""Efficiency of channels."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from shopper.crosscheck.check import Check, Reader, Sides
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_EFFICIENCY_COLUMNS: Final = (
    "sessions", "visitors", "bounce_rate", "spend", "impressions", "clicks", "new_visitors", "new_customers", "orders",
    "net_revenue", "conversion_rate", "new_visitor_conversion_rate", "cac", "unallocated_spend", "roas",
    "repurchase_rate_90d", "retention_months", "aov", "claimed_to_own_ratio", "sessions_on_common_days",
    "orders_on_common_days", "net_revenue_on_common_days", "spend_on_common_days", "new_customers_on_common_days",
    "claimed_conversions_on_common_days",
)  # fmt: skip


BY_MONTH_AND_OVERALL: Final = {"channel_efficiency": {}, "channel_efficiency_overall": {"month": None}}
"""The marts that hold the efficiency of channels."""


def _efficiency(shop: Shop, reader: Reader) -> Sides:
    expected = {
        key: tuple(asdict(row)[column] for column in _EFFICIENCY_COLUMNS)
        for key, row in shop.channel_efficiency.items()
    }
    return (
        _EFFICIENCY_COLUMNS,
        expected,
        keyed(reader.together(BY_MONTH_AND_OVERALL), ["month", "channel"], _EFFICIENCY_COLUMNS),
    )


CHECKS: Final = (
    Check(
        "channels",
        "efficiency by month and channel",
        "marts",
        "channel_efficiency",
        _efficiency,
        "net_revenue",
        also=("channel_efficiency_overall",),
    ),
)
