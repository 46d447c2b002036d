"""Planted truths of service, one SQL query each."""

from __future__ import annotations

from typing import Final


def _response_minutes(months: str) -> str:
    """Median minutes to the first response by a person: the median of the rows' medians, weighted by their answers."""
    return f"""
        with ranked_rows as (
            select
                median_first_response_minutes as minutes,
                sum(answered_tickets) over (
                    order by median_first_response_minutes, month, topic rows unbounded preceding
                ) as so_far,
                sum(answered_tickets) over () as answered
            from marts.support_performance
            where handled_by = 'human' and answered_tickets > 0 and {months}
        )
        select min(minutes) from ranked_rows where 2 * so_far >= answered
    """


SINGLE: Final[dict[str, str]] = {
    "nps": """
        select (sum(satisfied) - sum(dissatisfied)) / sum(responses) from marts.satisfaction_scores
        where survey_type = 'nps' and aspect = 'overall'
    """,
    "response_minutes_before": _response_minutes("month < date '2025-01-01'"),
    "response_minutes_after": _response_minutes("month >= date '2025-01-01'"),
}
"""SQL query by truth; it returns one number."""
