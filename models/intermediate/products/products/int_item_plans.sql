with

item_sales as (select * from {{ ref('int_item_sales') }}),

item_repurchases as (select * from {{ ref('int_item_repurchases') }}),

replenishment_rules as (select * from {{ ref('replenishment_rules') }}),

item_order_totals as (
    select
        level,
        item,
        cast(sum(orders) as bigint) as orders,
        {{ money('sum(net_revenue)') }} as net_revenue
    from item_sales
    group by level, item
),

measured_items as (
    select
        item_order_totals.level,
        item_order_totals.item,
        item_order_totals.orders,
        item_order_totals.net_revenue,
        {{ mean_amount('item_order_totals.net_revenue', 'item_order_totals.orders') }} as aov,
        item_repurchases.median_gap_days,
        item_repurchases.repurchase_customers,
        {{ exact_ratio(
            'item_repurchases.repurchased_customers', 'item_repurchases.repurchase_customers'
        ) }} as repurchase_share
    from item_order_totals
    left join item_repurchases
        on item_repurchases.level = item_order_totals.level
        and item_repurchases.item = item_order_totals.item
),

ranked_plans as (
    select
        measured_items.level,
        measured_items.item,
        measured_items.orders,
        measured_items.net_revenue,
        measured_items.aov,
        replenishment_rules.plan,
        replenishment_rules.lead_time_days,
        row_number() over (
            partition by measured_items.level, measured_items.item order by replenishment_rules.priority
        ) as rule_rank
    from measured_items
    inner join replenishment_rules
        on {{ rule_holds('measured_items.median_gap_days', '>=', 'replenishment_rules.median_gap_days_from') }}
        and {{ rule_holds('measured_items.median_gap_days', '<', 'replenishment_rules.median_gap_days_below') }}
        and {{ rule_holds(
            'measured_items.repurchase_customers', '>=', 'replenishment_rules.repurchase_customers_from'
        ) }}
        and {{ rule_holds('measured_items.repurchase_share', '>=', 'replenishment_rules.repurchase_rate_from') }}
        and {{ rule_holds('measured_items.repurchase_share', '<', 'replenishment_rules.repurchase_rate_below') }}
        and {{ rule_holds('measured_items.aov', '>=', 'replenishment_rules.aov_from') }}
)

select
    level,
    item,
    orders,
    net_revenue,
    aov,
    plan,
    lead_time_days
from ranked_plans
where rule_rank = 1
