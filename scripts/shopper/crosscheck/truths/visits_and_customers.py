"""Planted truths of customers, visits and channels, one SQL query each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import duckdb

_BUYERS: Final = "from marts.customers where orders > 0 and is_known_customer"
_VISITS: Final = "from marts.sessions where not is_bot"
_SURFERS: Final = "from marts.shopper_type_summary where shopper_type = 'surfer'"
_ALL_MONTHS: Final = "from marts.channel_efficiency_overall where channel"


def _aov_ratio(first: str, second: str) -> str:
    """Net revenue per valid order of some customers, divided by that of others."""
    return f"""
        select
            (sum(net_revenue) filter (where {first}) / sum(orders) filter (where {first}))
            / (sum(net_revenue) filter (where {second}) / sum(orders) filter (where {second}))
        {_BUYERS}
    """


def _seconds_per_page(system: str) -> str:
    condition = f"filter (where operating_system = '{system}')"
    return f"(sum(duration_seconds) {condition} / sum(page_views) {condition})"


def _paid_rate(system: str) -> str:
    return f"avg(cast(orders > 0 as integer)) filter (where operating_system = '{system}')"


def _mobile_exit_rate(level: str) -> str:
    factors = f"marts.friction_factors where factor = 'mobile_page_load' and {level}"
    return f"select sum(exits) / sum(exposures) from {factors}"


def _of_channel(column: str, channel: str) -> str:
    return f"(select {column} {_ALL_MONTHS} = '{channel}')"


def _band_index(people: str, band: str) -> str:
    """Share of some people in a frequency band, divided by their share among all customers with a band."""
    return f"""
        select
            avg(cast({people} as integer)) filter (where frequency_band = '{band}') / avg(cast({people} as integer))
        from marts.customers
        where frequency_band is not null and is_known_customer
    """


SINGLE: Final[dict[str, str]] = {
    "young_share": """
        select avg(cast(age_band in ('25-30', '31-35') as integer))
        from marts.customers where age_band is not null
    """,
    "older_share": """
        select avg(cast(age_band = '45+' as integer)) from marts.customers where age_band is not null
    """,
    "older_aov_ratio": _aov_ratio("age_band = '45+'", "age_band in ('25-30', '31-35')"),
    "mobile_share": f"select avg(cast(device_type = 'mobile' as integer)) {_VISITS} and device_type is not null",
    "ios_stay_ratio": f"select {_seconds_per_page('iOS')} / {_seconds_per_page('Android')} {_VISITS}",
    "android_paid_ratio": f"select {_paid_rate('Android')} / {_paid_rate('iOS')} {_VISITS}",
    "tier_1_aov_ratio": _aov_ratio("city_tier = 'tier_1'", "city_tier = 'new_tier_1'"),
    "app_cac_ratio": f"select {_of_channel('cac', 'app')} / {_of_channel('cac', 'mini_program')}",
    "app_repurchase_rate": f"select {_of_channel('repurchase_rate_90d', 'app')}",
    "mini_program_repurchase_ratio": (
        f"select {_of_channel('repurchase_rate_90d', 'mini_program')} / {_of_channel('repurchase_rate_90d', 'app')}"
    ),
    "marketplace_conversion": f"select {_of_channel('new_visitor_conversion_rate', 'marketplace')}",
    "marketplace_retention": f"select {_of_channel('retention_months', 'marketplace')}",
    "slow_page_exit_rate": _mobile_exit_rate("level = 'above_3s'"),
    "quick_page_exit_rate": _mobile_exit_rate("level <> 'above_3s'"),
    "off_category_cart_ratio": """
        select
            (
                sum(next_steps) filter (where level = 'other_category')
                / sum(exposures) filter (where level = 'other_category')
            )
            / (
                sum(next_steps) filter (where level = 'same_category')
                / sum(exposures) filter (where level = 'same_category')
            )
        from marts.friction_factors where factor = 'off_category_recommendation'
    """,
    "loyal_share": "select customer_share from marts.customer_tier_summary where customer_tier = 'loyal'",
    "loyal_revenue_share": "select revenue_share from marts.customer_tier_summary where customer_tier = 'loyal'",
    "potential_churn_share": (
        "select customer_share from marts.customer_tier_summary where customer_tier = 'potential_churn'"
    ),
    "churn_signal_lift": """
        select sum(churned_with) / sum(customers_with) / (sum(churned_without) / sum(customers_without))
        from marts.churn_signal_backtest where signal = 'any_behaviour'
    """,
    "surfer_share": f"select people_share {_SURFERS}",
    "surfer_time_share": f"select time_share {_SURFERS}",
    "surfer_page_ratio": f"select page_share / people_share {_SURFERS}",
    "simplifier_order_share": "select order_share from marts.shopper_type_summary where shopper_type = 'simplifier'",
    "frequent_women_index": _band_index("(gender = 'female' and age_band = '25-30') is true", "high"),
    "seldom_older_men_index": _band_index("(gender = 'male' and age_band in ('36-44', '45+')) is true", "low"),
    "region_clothing_northeast": """
        with sold_lines as (
            select order_items.category = 'clothing' as is_clothing, customers.region, order_items.net_revenue
            from marts.order_items
            left join marts.customers on customers.customer_id = order_items.customer_id
            where order_items.is_valid
        )
        select
            (
                sum(net_revenue) filter (where is_clothing and region = 'Northeast')
                / sum(net_revenue) filter (where region = 'Northeast')
            )
            / (sum(net_revenue) filter (where is_clothing) / sum(net_revenue))
        from sold_lines
    """,
}
"""SQL query by truth; it returns one number."""


def _cart_loss(connection: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Loss from product to cart. A failure if another required step loses more."""
    rows = connection.execute(
        """
        select step_name, sum(dropped) / sum(entered) as loss
        from marts.funnel_daily
        where funnel = 'purchase' and is_required
        group by step_name
        """
    ).fetchall()
    losses = {step: float(loss) for step, loss in rows if loss is not None}
    if "cart" not in losses:
        return None, "no step cart"
    worst = max(losses, key=lambda step: losses[step])
    return losses["cart"], "" if worst == "cart" else f"{worst} loses more: {losses[worst]:.4f}"


OTHERS: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]]] = {"cart_loss": _cart_loss}
