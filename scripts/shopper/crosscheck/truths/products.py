"""Planted truths of categories: by customer group, hour and season."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import duckdb

from shopper.planted_truths import truths

_HOME: Final = "category in ('home', 'daily_goods')"
_AT_WORK: Final = "weekday between 1 and 5 and hour between 9 and 17"


def _preference(gender: str, category: str) -> str:
    return f"""
        select
            (
                sum(net_revenue) filter (where gender = '{gender}' and category = '{category}')
                / sum(net_revenue) filter (where gender = '{gender}')
            )
            / (sum(net_revenue) filter (where category = '{category}') / sum(net_revenue))
        from marts.category_performance
    """


def _season(category: str, month: str) -> str:
    return f"""
        select index
        from marts.category_seasonality
        where category = '{category}' and season_type = 'month' and season = '{month}'
    """


def _band_taste(band: str, categories: str) -> str:
    """Share of some categories in the revenue of a frequency band, divided by their share in all revenue, last 365
    days.
    """
    return f"""
        with window_lines as (
            select customers.frequency_band, order_items.category in ({categories}) as is_liked, order_items.net_revenue
            from marts.order_items
            left join marts.customers using (customer_id)
            where
                order_items.is_valid
                and order_items.order_date > (select max(date) from marts.kpi_daily) - interval 365 day
        )
        select
            (
                sum(net_revenue) filter (where is_liked and frequency_band = '{band}')
                / sum(net_revenue) filter (where frequency_band = '{band}')
            )
            / (sum(net_revenue) filter (where is_liked) / sum(net_revenue))
        from window_lines
    """


SINGLE: Final[dict[str, str]] = {
    "women_beauty_index": _preference("female", "beauty"),
    "women_clothing_index": _preference("female", "clothing"),
    "men_digital_index": _preference("male", "digital"),
    "men_sports_index": _preference("male", "sports"),
    "frequent_fast_moving_index": _band_taste("high", "'beauty', 'daily_goods', 'food'"),
    "seldom_durables_index": _band_taste("low", "'digital', 'home'"),
    "desktop_office_share": f"""
        with slots as (
            select distinct weekday, hour, slot_orders from marts.purchase_timing where device_type = 'desktop'
        )
        select sum(slot_orders) filter (where {_AT_WORK}) / sum(slot_orders) from slots
    """,
    "desktop_aov_ratio": """
        with slots as (
            select device_type, max(slot_orders) as orders, sum(net_revenue) as net_revenue
            from marts.purchase_timing
            group by weekday, hour, device_type
        ),
        device_aovs as (
            select device_type, sum(net_revenue) / sum(orders) as aov
            from slots
            group by device_type
        )
        select
            max(aov) filter (where device_type = 'desktop') / max(aov) filter (where device_type = 'mobile')
        from device_aovs
    """,
    "season_books_september": _season("books", "09"),
    "season_clothing_november": _season("clothing", "11"),
    "season_food_january": _season("food", "01"),
}
"""SQL query by truth; it returns one number."""


def _lower_tier_home_share(connection: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Share of home and daily goods in both lower tiers together. A failure if one of them is out of tolerance."""
    rows = connection.execute(
        f"""
        select city_tier, sum(net_revenue) filter (where {_HOME}), sum(net_revenue)
        from marts.category_performance
        where city_tier in ('tier_2', 'lower')
        group by city_tier
        order by city_tier
        """
    ).fetchall()
    if not rows:
        return None, "no lower tier"
    truth = truths()["lower_tier_home_share"]
    off = [f"{tier} alone: {home / whole:.4f}" for tier, home, whole in rows if not truth.holds(float(home / whole))]
    return float(sum(home for _, home, _ in rows) / sum(whole for _, _, whole in rows)), "; ".join(off)


OTHERS: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]]] = {
    "lower_tier_home_share": _lower_tier_home_share,
}
"""By truth, a function that returns the measured value and the reason of a failure (empty if none)."""
