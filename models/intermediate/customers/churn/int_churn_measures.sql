with

churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

churn_visits as (
    select * from {{ ref('int_churn_visits') }}
),

churn_carts as (
    select * from {{ ref('int_churn_carts') }}
),

churn_gaps as (
    select * from {{ ref('int_churn_gaps') }}
),

cart_days as (
    select * from {{ ref('int_customer_cart_days') }}
),

-- Without any cart in the shop's data, nobody is known to have none.
first_cart as (
    select min(cart_date) as first_cart_date from cart_days
)

select
    churn_bases.customer_id,
    churn_bases.orders,
    churn_bases.recent_orders,
    churn_bases.recent_net_revenue,
    churn_bases.earlier_net_revenue,
    churn_bases.days_since_last_order,
    churn_visits.days_since_last_visit,
    churn_visits.recent_browsing_seconds,
    churn_visits.base_browsing_seconds,
    -- A cart is open when no valid order followed it.
    case
        when churn_carts.last_cart_at > churn_bases.last_ordered_at
            then {{ days_between('churn_carts.last_cart_date', 'churn_bases.cutoff_date') }}
    end as open_cart_age_days,
    churn_gaps.gap_half_days,
    churn_bases.is_active,
    churn_bases.is_churned,
    coalesce(churn_visits.has_recent_visit, false) as has_recent_visit,
    coalesce(churn_visits.has_base_visit, false) as has_base_visit,
    coalesce(
        churn_visits.customer_id is not null and first_cart.first_cart_date <= churn_bases.cutoff_date, false
    ) as is_cart_observable,
    churn_gaps.is_own_gap,
    churn_bases.is_as_of,
    churn_bases.cutoff_date,
    churn_bases.last_order_date
from churn_bases
cross join first_cart
left join churn_visits
    on churn_visits.customer_id = churn_bases.customer_id
    and churn_visits.cutoff_date = churn_bases.cutoff_date
left join churn_carts
    on churn_carts.customer_id = churn_bases.customer_id
    and churn_carts.cutoff_date = churn_bases.cutoff_date
left join churn_gaps
    on churn_gaps.customer_id = churn_bases.customer_id
    and churn_gaps.cutoff_date = churn_bases.cutoff_date
