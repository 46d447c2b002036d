{%- set has_orders = 'inputs_present.has_orders' -%}
with

int_customers as (select * from {{ ref('int_customers') }}),

customer_rfm as (select * from {{ ref('customer_rfm') }}),

customer_tier_rules as (select * from {{ ref('customer_tier_rules') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- `none`: a customer without an order in the RFM window.
tier_totals as (
    select
        coalesce(customer_rfm.customer_tier, 'none') as customer_tier,
        count(*) as customers,
        count(customer_rfm.customer_id) as window_customers,
        sum(customer_rfm.net_revenue) as net_revenue,
        sum(customer_rfm.monetary) as net_revenue_after_refunds
    from int_customers
    left join customer_rfm on customer_rfm.customer_id = int_customers.customer_id
    where int_customers.is_known_customer
    group by coalesce(customer_rfm.customer_tier, 'none')
),

-- A tier without customers is a row of 0; where the shop lands no orders, nobody's tier is known.
tiers as (
    select
        customer_tier_rules.customer_tier,
        customer_tier_rules.label,
        customer_tier_rules.label_zh,
        customer_tier_rules.priority,
        {{ zero_if_landed('tier_totals.customers', has_orders) }} as customers,
        {{ zero_if_landed('tier_totals.window_customers', has_orders) }} as window_customers,
        {{ money(zero_if_landed('tier_totals.net_revenue', has_orders)) }} as net_revenue,
        {{ money(zero_if_landed('tier_totals.net_revenue_after_refunds', has_orders)) }} as net_revenue_after_refunds
    from customer_tier_rules
    cross join inputs_present
    left join tier_totals on tier_totals.customer_tier = customer_tier_rules.customer_tier
),

totals as (
    select
        cast(sum(window_customers) as bigint) as window_customers,
        {{ money('sum(net_revenue_after_refunds)') }} as window_net_revenue_after_refunds
    from tiers
)

-- Shares are of the customers with an order in the window, so `none` has no share.
select
    tiers.customer_tier,
    tiers.label,
    tiers.label_zh,
    tiers.priority,
    tiers.customers,
    totals.window_customers,
    case
        when tiers.customer_tier <> 'none' then {{ rounded_ratio('tiers.customers', 'totals.window_customers') }}
    end as customer_share,
    tiers.net_revenue,
    tiers.net_revenue_after_refunds,
    totals.window_net_revenue_after_refunds,
    case
        when tiers.customer_tier <> 'none'
            then {{ rounded_ratio('tiers.net_revenue_after_refunds', 'totals.window_net_revenue_after_refunds') }}
    end as revenue_share
from tiers
cross join totals
