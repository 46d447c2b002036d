-- Every customer of both months must be in exactly one transition; otherwise the flows between segments are wrong.
with

rfm_segment_transitions as (select * from {{ ref('rfm_segment_transitions') }}),

customer_rfm_history as (select * from {{ ref('customer_rfm_history') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

transition_totals as (
    select
        month,
        coalesce(sum(customers) filter (where from_segment is not null), 0) as from_customers,
        coalesce(sum(customers) filter (where to_segment is not null), 0) as to_customers,
        sum(net_revenue) as net_revenue
    from rfm_segment_transitions
    group by month
),

populations as (
    select
        {{ month_of('month_end_date') }} as month,
        count(*) as customers
    from customer_rfm_history
    group by {{ month_of('month_end_date') }}
),

month_revenue as (
    select
        order_month as month,
        sum(net_revenue) as net_revenue
    from orders_valued
    where is_valid and customer_id <> 'unknown'
    group by order_month
)

select
    coalesce(transition_totals.month, populations.month) as month,
    transition_totals.from_customers,
    previous_populations.customers as previous_customers,
    transition_totals.to_customers,
    populations.customers,
    transition_totals.net_revenue,
    month_revenue.net_revenue as order_net_revenue
from transition_totals
full outer join populations on populations.month = transition_totals.month
left join populations as previous_populations
    on {{ month_plus('previous_populations.month', 1) }} = transition_totals.month
left join month_revenue on month_revenue.month = transition_totals.month
where
    transition_totals.month is null
    or transition_totals.to_customers <> coalesce(populations.customers, 0)
    or transition_totals.from_customers <> coalesce(previous_populations.customers, 0)
    {#- Only a window shorter than a month can miss an order of the month. -#}
    {%- if var('rfm_window_days', 365) >= 31 %}
    or transition_totals.net_revenue <> coalesce(month_revenue.net_revenue, 0)
    {%- endif %}
