with

customer_visit_days as (select * from {{ ref('int_customer_visit_days') }}),

customer_cart_days as (select * from {{ ref('int_customer_cart_days') }}),

churn_cutoffs as (select * from {{ ref('int_churn_cutoffs') }}),

churn_thresholds as (select * from {{ ref('int_churn_thresholds') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

dated_visits as (
    select
        customer_visit_days.customer_id,
        customer_visit_days.browsing_seconds,
        {{ days_between('customer_visit_days.visit_date', 'churn_cutoffs.cutoff_date') }} as days_ago,
        churn_cutoffs.cutoff_date
    from customer_visit_days
    inner join churn_cutoffs on churn_cutoffs.cutoff_date >= customer_visit_days.visit_date
),

visit_periods as (
    select
        dated_visits.customer_id,
        min(dated_visits.days_ago) as days_since_last_visit,
        bool_or(dated_visits.days_ago < churn_thresholds.visit_recent_days) as has_recent_visit,
        bool_or(
            dated_visits.days_ago >= churn_thresholds.visit_recent_days
            and dated_visits.days_ago < churn_thresholds.visit_recent_days + churn_thresholds.visit_base_days
        ) as has_base_visit,
        cast(coalesce(sum(dated_visits.browsing_seconds) filter (
            where dated_visits.days_ago < churn_thresholds.browsing_recent_days
        ), 0) as bigint) as recent_browsing_seconds,
        cast(coalesce(sum(dated_visits.browsing_seconds) filter (
            where
                dated_visits.days_ago >= churn_thresholds.browsing_recent_days
                and dated_visits.days_ago
                < churn_thresholds.browsing_recent_days + churn_thresholds.browsing_base_days
        ), 0) as bigint) as base_browsing_seconds,
        dated_visits.cutoff_date
    from dated_visits
    cross join churn_thresholds
    group by dated_visits.customer_id, dated_visits.cutoff_date
),

old_carts as (
    select
        customer_cart_days.customer_id,
        churn_cutoffs.cutoff_date,
        max(customer_cart_days.cart_date) as last_cart_date,
        max(customer_cart_days.last_cart_at) as last_cart_at
    from customer_cart_days
    cross join churn_thresholds
    inner join churn_cutoffs
        on {{ days_between('customer_cart_days.cart_date', 'churn_cutoffs.cutoff_date') }}
            between churn_thresholds.cart_age_days_from and churn_thresholds.cart_age_days_to
    group by customer_cart_days.customer_id, churn_cutoffs.cutoff_date
)

-- Every cart addition is in a session, so every customer with a cart has a visit.
select
    visit_periods.customer_id,
    visit_periods.days_since_last_visit,
    case when inputs_present.has_events then visit_periods.recent_browsing_seconds end as recent_browsing_seconds,
    case when inputs_present.has_events then visit_periods.base_browsing_seconds end as base_browsing_seconds,
    visit_periods.has_recent_visit,
    visit_periods.has_base_visit,
    visit_periods.cutoff_date,
    old_carts.last_cart_date,
    old_carts.last_cart_at
from visit_periods
cross join inputs_present
left join old_carts
    on old_carts.customer_id = visit_periods.customer_id
    and old_carts.cutoff_date = visit_periods.cutoff_date
