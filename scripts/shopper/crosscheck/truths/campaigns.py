"""Planted truths of campaigns and hours, one SQL query each."""

from __future__ import annotations

from typing import Final


def _best_hour(gender: str) -> str:
    """The first of the two best hours of a gender, over all ages."""
    return f"""
        select distinct best_window_start_hour
        from marts.send_time_preferences where gender = '{gender}' and age_band = 'all'
    """


SINGLE: Final[dict[str, str]] = {
    "women_best_hour": _best_hour("female"),
    "men_best_hour": _best_hour("male"),
    "campaign_lift": """
        select incremental_conversion_rate
        from marts.campaign_performance
        where campaign_id = 'cmp-12' and holdout_experiment_id = 'exp-spring-holdout'
    """,
}
