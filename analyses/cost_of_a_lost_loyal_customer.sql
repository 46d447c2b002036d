-- What does a lost loyal customer cost? Of the customers who were loyal at the end of a month: how many were no longer
-- loyal three months later, and how much less revenue they brought in between than those who stayed loyal.
with

customer_rfm_history as (select * from {{ ref('customer_rfm_history') }}),

orders as (select * from {{ ref('orders') }}),

latest_month as (
    select max({{ month_of('month_end_date') }}) as last_month from customer_rfm_history
),

customer_tier_months as (
    select
        customer_id,
        customer_tier,
        {{ month_of('month_end_date') }} as month
    from customer_rfm_history
),

-- Keep only months followed by three complete months.
loyal_customers as (
    select
        customer_tier_months.customer_id,
        customer_tier_months.month,
        coalesce(later.customer_tier, 'none') <> 'loyal' as is_lost
    from customer_tier_months
    inner join latest_month on {{ month_plus('customer_tier_months.month', 3) }} <= latest_month.last_month
    left join customer_tier_months as later
        on later.customer_id = customer_tier_months.customer_id
        and later.month = {{ month_plus('customer_tier_months.month', 3) }}
    where customer_tier_months.customer_tier = 'loyal'
),

following_revenue as (
    select
        loyal_customers.customer_id,
        loyal_customers.month,
        loyal_customers.is_lost,
        coalesce(sum(orders.net_revenue_after_refunds), 0) as net_revenue_after_refunds
    from loyal_customers
    left join orders
        on orders.customer_id = loyal_customers.customer_id
        and orders.is_valid
        and orders.order_month > loyal_customers.month
        and orders.order_month <= {{ month_plus('loyal_customers.month', 3) }}
    group by loyal_customers.customer_id, loyal_customers.month, loyal_customers.is_lost
),

month_totals as (
    select
        month,
        count(*) as loyal_customers,
        count(*) filter (where is_lost) as lost_customers,
        count(*) filter (where not is_lost) as kept_customers,
        coalesce(sum(net_revenue_after_refunds) filter (where is_lost), 0) as lost_revenue,
        coalesce(sum(net_revenue_after_refunds) filter (where not is_lost), 0) as kept_revenue
    from following_revenue
    group by month
)

select
    month,
    loyal_customers,
    lost_customers,
    {{ rounded_ratio('lost_customers', 'loyal_customers') }} as lost_rate,
    {{ wilson_low('lost_customers', 'loyal_customers') }} as lost_rate_low,
    {{ wilson_high('lost_customers', 'loyal_customers') }} as lost_rate_high,
    {{ mean_amount('kept_revenue', 'kept_customers') }} as revenue_per_kept_customer,
    {{ mean_amount('lost_revenue', 'lost_customers') }} as revenue_per_lost_customer,
    {{ mean_amount('kept_revenue', 'kept_customers') }}
    - {{ mean_amount('lost_revenue', 'lost_customers') }} as cost_per_lost_customer
from month_totals
order by month
