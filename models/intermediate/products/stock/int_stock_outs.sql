with

stg_inventory_snapshots as (select * from {{ ref('stg_inventory_snapshots') }}),

product_lines as (select * from {{ ref('int_product_lines') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

-- A count is valid for snapshot_valid_days, at most until the as-of date.
counts_and_sales as (
    select
        stg_inventory_snapshots.product_id,
        'count' as day_type,
        stg_inventory_snapshots.on_hand_quantity,
        least(
            cast({{ dbt.dateadd(
                'day', 'stock_rules.snapshot_valid_days', 'stg_inventory_snapshots.snapshot_date'
            ) }} as date),
            cast({{ dbt.dateadd('day', 1, 'stg_run_period.as_of_date') }} as date)
        ) as valid_until,
        cast({{ dbt.dateadd('day', 1, 'stg_run_period.as_of_date') }} as date) as end_date,
        stg_inventory_snapshots.snapshot_date as day
    from stg_inventory_snapshots
    cross join stg_run_period
    cross join stock_rules
    union all
    select distinct
        product_id,
        'sale' as day_type,
        cast(null as decimal(18, 3)) as on_hand_quantity,
        cast(null as date) as valid_until,
        cast(null as date) as end_date,
        order_date as day
    from product_lines
    where is_sale
),

-- A sale proves that there is stock, regardless of the count. A day has at most one count and one sale, so the order
-- is unique. `sale` sorts after `count`, so a sale on the same day ends the stock-out.
ordered_days as (
    select
        product_id,
        day_type,
        on_hand_quantity,
        valid_until,
        end_date,
        lead(day) over (partition by product_id order by day, day_type) as next_day,
        day
    from counts_and_sales
),

empty_counts as (
    select
        product_id,
        day as from_date,
        least(valid_until, coalesce(next_day, valid_until)) as until_date,
        coalesce(next_day, end_date) as in_stock_date
    from ordered_days
    where
        day_type = 'count'
        and on_hand_quantity <= 0
)

-- From until_date to in_stock_date nothing says whether there is stock: no later count, and no sale.
select
    product_id,
    from_date,
    until_date,
    in_stock_date
from empty_counts
where until_date > from_date
