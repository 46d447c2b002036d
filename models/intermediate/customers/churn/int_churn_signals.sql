with

churn_measures as (
    select * from {{ ref('int_churn_measures') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
)

-- Null is what cannot be seen. Comparisons multiply instead of dividing, so that a value at the threshold is at it.
select
    churn_measures.customer_id,
    case when churn_measures.has_base_visit then not churn_measures.has_recent_visit end as has_no_visit,
    case
        when churn_measures.base_browsing_seconds > 0
            then churn_measures.recent_browsing_seconds
                <= (1 - thresholds.browsing_drop_share) * churn_measures.base_browsing_seconds
    end as has_less_browsing,
    case when churn_measures.is_cart_observable then churn_measures.open_cart_age_days is not null end as has_open_cart,
    2 * churn_measures.days_since_last_order
    > thresholds.gap_multiple * churn_measures.gap_half_days as has_overdue_order,
    case
        when churn_measures.earlier_net_revenue > 0
            then churn_measures.recent_net_revenue * (churn_measures.orders - churn_measures.recent_orders)
                <= (1 - thresholds.order_drop_share) * churn_measures.earlier_net_revenue * churn_measures.recent_orders
    end as has_smaller_orders,
    churn_measures.is_as_of,
    churn_measures.cutoff_date
from churn_measures
cross join thresholds
