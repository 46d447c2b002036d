with

churn_customers as (select * from {{ ref('int_churn_customers') }}),

churn_visits as (select * from {{ ref('int_churn_visits') }}),

customer_cart_days as (select * from {{ ref('int_customer_cart_days') }}),

churn_thresholds as (select * from {{ ref('int_churn_thresholds') }}),

-- Before the shop's first recorded cart, a missing cart is unknown, not false.
first_cart_days as (
    select min(cart_date) as first_cart_date from customer_cart_days
)

-- A signal is null where it cannot be observed. Comparisons multiply instead of dividing, so that rounding cannot move
-- a value across a threshold. A cart is open when no valid order followed it.
select
    churn_customers.customer_id,
    churn_customers.orders,
    churn_customers.recent_orders,
    churn_customers.recent_net_revenue,
    churn_customers.earlier_net_revenue,
    churn_customers.days_since_last_order,
    churn_visits.days_since_last_visit,
    churn_visits.recent_browsing_seconds,
    churn_visits.base_browsing_seconds,
    case
        when churn_visits.last_cart_at > churn_customers.last_ordered_at
            then {{ days_between('churn_visits.last_cart_date', 'churn_customers.cutoff_date') }}
    end as open_cart_age_days,
    churn_customers.gap_half_days,
    case when churn_visits.has_base_visit then not churn_visits.has_recent_visit end as has_no_visit,
    case
        when churn_visits.base_browsing_seconds > 0
            then churn_visits.recent_browsing_seconds
                <= (1 - churn_thresholds.browsing_drop_share) * churn_visits.base_browsing_seconds
    end as has_less_browsing,
    case
        when churn_visits.customer_id is not null and first_cart_days.first_cart_date <= churn_customers.cutoff_date
            then coalesce(churn_visits.last_cart_at > churn_customers.last_ordered_at, false)
    end as has_open_cart,
    2 * churn_customers.days_since_last_order
    > churn_thresholds.gap_multiple * churn_customers.gap_half_days as has_overdue_order,
    case
        when churn_customers.earlier_net_revenue > 0
            then churn_customers.recent_net_revenue * (churn_customers.orders - churn_customers.recent_orders)
                <= (1 - churn_thresholds.order_drop_share)
                * churn_customers.earlier_net_revenue * churn_customers.recent_orders
    end as has_smaller_orders,
    churn_customers.is_own_gap,
    churn_customers.is_active,
    churn_customers.is_churned,
    churn_customers.is_as_of,
    churn_customers.cutoff_date,
    churn_customers.last_order_date
from churn_customers
cross join churn_thresholds
cross join first_cart_days
left join churn_visits
    on churn_visits.customer_id = churn_customers.customer_id
    and churn_visits.cutoff_date = churn_customers.cutoff_date
