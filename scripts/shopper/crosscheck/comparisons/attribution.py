"""Conversion paths, and the credit of each channel by each model."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Final

from shopper.crosscheck.check import Check, Reader, Sides
from shopper.crosscheck.oracle.attribution import FIRST, RENEWAL, Credit, Path, credits, paths
from shopper.crosscheck.oracle.channels import DIRECT, UNATTRIBUTED
from shopper.crosscheck.oracle.money import CENT
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_CREDIT_COLUMNS: Final = ("credited_orders", "credited_revenue", "spend", "cost_per_order", "roas")
_PATH_COLUMNS: Final = (
    "touches", "conversions", "first_conversions", "repeat_conversions", "non_conversions", "revenue", "days",
)  # fmt: skip


def _credits(shop: Shop, reader: Reader) -> Sides:
    models = reader.rows("attribution_models", schema="reference")
    given = credits(paths(shop), models)
    spend = {
        (month, channel): row.spend for (month, channel), row in shop.channel_efficiency.items() if month and row.spend
    }
    lands_spend = any(row.spend is not None for row in shop.channel_efficiency.values())
    tells_sources = shop.tells_sources
    untold = {month for month, _, channel, _ in given if channel in (DIRECT, UNATTRIBUTED)}
    keys = {(month, channel) for month, _, channel, _ in given} | set(spend)
    expected = {}
    for month, channel in keys:
        for model in models:
            for order_type in ("first", "repeat", "renewal"):
                key = (month, model["model"], channel, order_type)
                cost = spend.get((month, channel), Decimal("0.00")) if lands_spend else None
                is_common = tells_sources and shop.coverage.holds_month(month)
                credit = given.get(key, Credit())
                is_known = bool(shop.orders) and (tells_sources or credit.order_units > 0 or month not in untold)
                row = _row(credit if is_known else None, cost, is_common)
                if row[0] or row[2]:
                    expected[key] = row
    actual = reader.rows("channel_attribution", where="credited_orders <> 0 or spend <> 0")
    return _CREDIT_COLUMNS, expected, keyed(actual, ["month", "model", "channel", "order_type"], _CREDIT_COLUMNS)


def _row(credit: Credit | None, spend: Decimal | None, is_common: bool) -> tuple[object, ...]:
    cost = roas = None
    if credit is None:
        return None, None, spend, cost, roas
    if is_common and spend is not None and credit.order_units:
        in_cents = Fraction(spend) * 100 / Fraction(credit.orders)
        cost = (2 * in_cents.numerator + in_cents.denominator) // (2 * in_cents.denominator) * CENT
    if is_common and spend:
        roas = float(credit.revenue / spend)
    return credit.orders, credit.revenue, spend, cost, roas


def _paths(shop: Shop, reader: Reader) -> Sides:
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in [one for one in paths(shop) if one.order_type != RENEWAL]:
        groups[" > ".join(path.channels) or UNATTRIBUTED].append(path)
    expected = {}
    for text, members in groups.items():
        won = [path for path in members if path.order]
        ages = [path.touches[0].age_seconds for path in won if path.touches]
        first = sum(path.order_type == FIRST for path in won)
        expected[text] = (
            len(members[0].touches), len(won), first, len(won) - first, len(members) - len(won),
            sum((path.order.net_revenue for path in won if path.order), Decimal("0.00")),
            sum(ages) / (86400 * len(ages)) if ages else None,
        )  # fmt: skip
    return _PATH_COLUMNS, expected, keyed(reader.rows("conversion_paths"), ["path"], _PATH_COLUMNS)


CHECKS: Final = (
    Check("attribution", "credits by month and model", "marts", "channel_attribution", _credits, "credited_revenue"),
    Check("attribution", "paths with and without an order", "marts", "conversion_paths", _paths, "revenue"),
)
