with

product_stock as (select * from {{ ref('int_product_stock') }}),

item_plans as (select * from {{ ref('int_item_plans') }}),

products as (select * from {{ ref('int_products') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

recent_period as (select * from {{ ref('int_recent_period') }}),

-- Units on order at the supplier count as stock.
covered_products as (
    select
        attention_rules.rule,
        product_stock.product_id,
        coalesce(products.product_name, product_stock.product_id) as label,
        item_plans.lead_time_days,
        least(item_plans.lead_time_days, cast(attention_rules.threshold as bigint)) as horizon_days,
        attention_rules.stake_share,
        cast(product_stock.demand_net_revenue as double) / product_stock.demand_days as daily_revenue,
        cast(
            greatest(product_stock.on_hand_quantity, 0) + greatest(coalesce(product_stock.on_order_quantity, 0), 0)
            as double
        ) * product_stock.demand_days / cast(product_stock.demand_units as double) as days_of_cover,
        {{ days_between('recent_period.first_date', 'recent_period.last_date') }} + 1 as recent_days
    from product_stock
    inner join item_plans
        on item_plans.item = product_stock.product_id
        and item_plans.level = 'product'
    inner join products on products.product_id = product_stock.product_id
    cross join recent_period
    cross join stock_rules
    inner join attention_rules on attention_rules.kind = 'stock_out'
    where
        product_stock.count_age_days <= stock_rules.snapshot_valid_days
        and product_stock.demand_days > 0
        and product_stock.demand_units >= attention_rules.min_base
        and product_stock.demand_units > 0
        and not products.is_discontinued
)

-- At stake: the sales of the days between the last unit and the delivery of an order placed today.
select
    rule,
    product_id as subject,
    label,
    label as label_zh,
    cast(cast(floor(days_of_cover) as bigint) as {{ dbt.type_string() }}) as figure,
    cast(lead_time_days as {{ dbt.type_string() }}) as usual,
    cast(recent_days as {{ dbt.type_string() }}) as days,
    cast(null as {{ dbt.type_string() }}) as spend,
    cast(null as {{ dbt.type_string() }}) as action,
    cast(null as {{ dbt.type_string() }}) as action_zh,
    {{ money_in_30_days('daily_revenue * (horizon_days - days_of_cover)', 'stake_share', '30') }} as value_at_stake
from covered_products
where days_of_cover < horizon_days
