-- What does a lost loyal customer cost? Of those who were loyal at a month end: how many were no longer so three months
-- later, and what they brought in between, beside those who stayed.
with

rfm_history as (
    select * from {{ ref('customer_rfm_history') }}
),

orders_valued as (
    select * from {{ ref('orders') }}
),

last_months as (
    select max({{ month_of('month_end_date') }}) as last_month from rfm_history
),

standings as (
    select
        customer_id,
        customer_tier,
        {{ month_of('month_end_date') }} as month
    from rfm_history
),

-- Only months whose third following month is over.
loyal_customers as (
    select
        standings.customer_id,
        standings.month,
        coalesce(later.customer_tier, 'none') <> 'loyal' as is_lost
    from standings
    inner join last_months on {{ month_plus('standings.month', 3) }} <= last_months.last_month
    left join standings as later
        on later.customer_id = standings.customer_id
        and later.month = {{ month_plus('standings.month', 3) }}
    where standings.customer_tier = 'loyal'
),

following_revenue as (
    select
        loyal_customers.customer_id,
        loyal_customers.month,
        loyal_customers.is_lost,
        coalesce(sum(orders_valued.net_revenue_after_refunds), 0) as net_revenue_after_refunds
    from loyal_customers
    left join orders_valued
        on orders_valued.customer_id = loyal_customers.customer_id
        and orders_valued.is_valid
        and orders_valued.order_month > loyal_customers.month
        and orders_valued.order_month <= {{ month_plus('loyal_customers.month', 3) }}
    group by loyal_customers.customer_id, loyal_customers.month, loyal_customers.is_lost
),

totals as (
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
from totals
order by month
