with

cart_days as (
    select * from {{ ref('int_customer_cart_days') }}
),

churn_dates as (
    select * from {{ ref('int_churn_dates') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
)

select
    cart_days.customer_id,
    churn_dates.cutoff_date,
    max(cart_days.last_cart_at) as last_cart_at,
    max(cart_days.cart_date) as last_cart_date
from cart_days
cross join thresholds
inner join churn_dates
    on {{ days_between('cart_days.cart_date', 'churn_dates.cutoff_date') }}
        between thresholds.cart_age_days_from and thresholds.cart_age_days_to
group by cart_days.customer_id, churn_dates.cutoff_date
