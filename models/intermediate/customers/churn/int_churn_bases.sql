with

order_states as (
    select * from {{ ref('int_churn_order_states') }}
),

churn_dates as (
    select * from {{ ref('int_churn_dates') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
),

-- A past cut-off looks at its active customers only; the as-of date also at those who have gone.
states as (
    select
        order_states.customer_id,
        order_states.order_number as orders,
        order_states.recent_orders,
        order_states.recent_net_revenue,
        order_states.earlier_net_revenue,
        {{ days_between('order_states.order_date', 'churn_dates.cutoff_date') }} as days_since_last_order,
        {{ days_between('churn_dates.cutoff_date', 'order_states.next_order_date') }} as days_to_next_order,
        churn_dates.is_as_of,
        churn_dates.cutoff_date,
        order_states.order_date as last_order_date,
        order_states.ordered_at as last_ordered_at
    from order_states
    inner join churn_dates
        on churn_dates.cutoff_date >= order_states.order_date
        and (churn_dates.cutoff_date < order_states.next_order_date or order_states.next_order_date is null)
)

select
    states.customer_id,
    states.orders,
    states.recent_orders,
    states.recent_net_revenue,
    states.earlier_net_revenue,
    states.days_since_last_order,
    states.days_since_last_order < thresholds.active_days as is_active,
    case
        when not states.is_as_of
            then states.days_to_next_order is null or states.days_to_next_order > thresholds.churn_days
    end as is_churned,
    states.is_as_of,
    states.cutoff_date,
    states.last_order_date,
    states.last_ordered_at
from states
cross join thresholds
where
    states.is_as_of
    or states.days_since_last_order < thresholds.active_days
