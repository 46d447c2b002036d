"""Planted truths of campaigns and hours, one SQL query each."""

from __future__ import annotations

from typing import Final


def _best_hour(gender: str) -> str:
    """The first of the two best hours of a gender, over all ages."""
    return f"""
        with hours as (
            select hour, sum(sessions) as sessions
            from marts.send_time_preferences
            where gender = '{gender}'
            group by hour
        )
        select first_hours.hour
        from hours as first_hours
        inner join hours as second_hours on second_hours.hour = (first_hours.hour + 1) % 24
        order by first_hours.sessions + second_hours.sessions desc, first_hours.hour
        limit 1
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
