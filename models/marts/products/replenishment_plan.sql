with

item_plans as (select * from {{ ref('int_item_plans') }}),

item_repurchases as (select * from {{ ref('int_item_repurchases') }}),

item_stock as (select * from {{ ref('int_item_stock') }}),

products as (select * from {{ ref('int_products') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Discontinued products are not reordered, so they have no plan.
orderable_items as (
    select
        item_plans.level,
        item_plans.item,
        products.product_name,
        case when item_plans.level = 'category' then item_plans.item else products.category end as category,
        case when products.is_discontinued is not true then item_plans.plan end as plan,
        case when products.is_discontinued is not true then item_plans.lead_time_days end as lead_time_days,
        item_plans.orders,
        item_plans.net_revenue,
        item_plans.aov
    from item_plans
    left join products
        on item_plans.level = 'product'
        and products.product_id = item_plans.item
),

planned_items as (
    select
        orderable_items.level,
        orderable_items.item,
        orderable_items.product_name,
        orderable_items.category,
        orderable_items.plan,
        coalesce(item_repurchases.customers, 0) as customers,
        coalesce(item_repurchases.repurchase_customers, 0) as repurchase_customers,
        coalesce(item_repurchases.repurchased_customers, 0) as repurchased_customers,
        item_repurchases.median_gap_days,
        orderable_items.orders,
        orderable_items.net_revenue,
        orderable_items.aov,
        item_stock.on_hand_quantity,
        item_stock.daily_units,
        item_stock.count_age_days,
        item_stock.days_of_cover,
        orderable_items.lead_time_days,
        stg_run_period.as_of_date,
        case
            when item_stock.days_of_cover <= stock_rules.furthest_reorder_days
                then cast(floor(item_stock.days_of_cover) as integer) - orderable_items.lead_time_days
        end as days_to_reorder
    from orderable_items
    cross join stock_rules
    cross join stg_run_period
    left join item_repurchases
        on item_repurchases.level = orderable_items.level
        and item_repurchases.item = orderable_items.item
    left join item_stock
        on item_stock.level = orderable_items.level
        and item_stock.item = orderable_items.item
)

select
    level,
    item,
    product_name,
    category,
    plan,
    customers,
    repurchase_customers,
    repurchased_customers,
    {{ rounded_ratio('repurchased_customers', 'repurchase_customers') }} as repurchase_rate,
    median_gap_days,
    orders,
    net_revenue,
    aov,
    on_hand_quantity,
    daily_units,
    count_age_days,
    days_of_cover,
    lead_time_days,
    days_to_reorder <= 0 as is_reorder_due,
    cast({{ dbt.dateadd('day', 'days_to_reorder', 'as_of_date') }} as date) as reorder_date
from planned_items
