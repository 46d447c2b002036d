with

item_sales as (select * from {{ ref('int_item_sales') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

purchase_days as (
    select
        level,
        item,
        {{ days_between(
            'lag(order_date) over (partition by level, item, customer_id order by order_date)', 'order_date'
        ) }} as gap_days,
        row_number() over (partition by level, item, customer_id order by order_date) as day_number,
        min(order_date) over (partition by level, item, customer_id) as first_date
    from item_sales
    where is_known_customer
),

-- The rate counts only customers whose first purchase is at least repurchase_days old.
classified_days as (
    select
        purchase_days.level,
        purchase_days.item,
        purchase_days.gap_days,
        purchase_days.day_number = 1 as is_first,
        {{ days_between('purchase_days.first_date', 'stg_run_period.as_of_date') }} >= stock_rules.repurchase_days
            as is_matured,
        purchase_days.day_number = 2 and purchase_days.gap_days <= stock_rules.repurchase_days as is_repurchase
    from purchase_days
    cross join stock_rules
    cross join stg_run_period
)

select
    level,
    item,
    count(*) filter (where is_first) as customers,
    count(*) filter (where is_first and is_matured) as repurchase_customers,
    count(*) filter (where is_repurchase and is_matured) as repurchased_customers,
    cast(median(gap_days) as decimal(18, 1)) as median_gap_days
from classified_days
group by level, item
