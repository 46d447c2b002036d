with

visit_days as (
    select * from {{ ref('int_customer_visit_days') }}
),

churn_dates as (
    select * from {{ ref('int_churn_dates') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
),

dated_visits as (
    select
        visit_days.customer_id,
        visit_days.browsing_seconds,
        {{ days_between('visit_days.visit_date', 'churn_dates.cutoff_date') }} as days_ago,
        churn_dates.cutoff_date
    from visit_days
    inner join churn_dates on churn_dates.cutoff_date >= visit_days.visit_date
)

select
    dated_visits.customer_id,
    min(dated_visits.days_ago) as days_since_last_visit,
    bool_or(dated_visits.days_ago < thresholds.visit_recent_days) as has_recent_visit,
    bool_or(
        dated_visits.days_ago >= thresholds.visit_recent_days
        and dated_visits.days_ago < thresholds.visit_recent_days + thresholds.visit_base_days
    ) as has_base_visit,
    cast(coalesce(sum(dated_visits.browsing_seconds) filter (
        where dated_visits.days_ago < thresholds.browsing_recent_days
    ), 0) as bigint) as recent_browsing_seconds,
    cast(coalesce(sum(dated_visits.browsing_seconds) filter (
        where
            dated_visits.days_ago >= thresholds.browsing_recent_days
            and dated_visits.days_ago < thresholds.browsing_recent_days + thresholds.browsing_base_days
    ), 0) as bigint) as base_browsing_seconds,
    dated_visits.cutoff_date
from dated_visits
cross join thresholds
group by dated_visits.customer_id, dated_visits.cutoff_date
