with

stg_inventory_snapshots as (select * from {{ ref('stg_inventory_snapshots') }}),

product_lines as (select * from {{ ref('int_product_lines') }}),

product_returns_daily as (select * from {{ ref('int_product_returns_daily') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Rank counts by date, latest first. There is at most one per day and product, so the latest is unique.
ranked_snapshots as (
    select
        product_id,
        on_hand_quantity,
        on_order_quantity,
        snapshot_date,
        row_number() over (partition by product_id order by snapshot_date desc) as snapshot_rank
    from stg_inventory_snapshots
),

unit_movements as (
    select product_id, quantity as sold, cast(0 as decimal(18, 3)) as returned, order_date as day from product_lines
    union all
    select product_id, cast(0 as decimal(18, 3)) as sold, returned_units as returned, refund_date as day
    from product_returns_daily
),

-- A count is of the evening: sales and returns of the same day are in it.
counted_movements as (
    select
        ranked_snapshots.product_id,
        cast(sum(unit_movements.sold) as decimal(18, 3)) as sold_units,
        cast(sum(unit_movements.returned) as decimal(18, 3)) as returned_units
    from ranked_snapshots
    inner join unit_movements
        on unit_movements.product_id = ranked_snapshots.product_id
        and unit_movements.day > ranked_snapshots.snapshot_date
    where ranked_snapshots.snapshot_rank = 1
    group by ranked_snapshots.product_id
),

remaining_stock as (
    select
        ranked_snapshots.product_id,
        ranked_snapshots.on_hand_quantity as counted_quantity,
        ranked_snapshots.on_order_quantity,
        coalesce(counted_movements.sold_units, 0) as sold_units,
        coalesce(counted_movements.returned_units, 0) as returned_units,
        ranked_snapshots.on_hand_quantity + coalesce(counted_movements.returned_units - counted_movements.sold_units, 0)
        as remaining_units,
        ranked_snapshots.snapshot_date
    from ranked_snapshots
    left join counted_movements on counted_movements.product_id = ranked_snapshots.product_id
    where ranked_snapshots.snapshot_rank = 1
)

-- Sales above the count prove that a delivery came since: the units that were on order, as far as is known.
select
    remaining_stock.product_id,
    remaining_stock.counted_quantity,
    remaining_stock.sold_units,
    remaining_stock.returned_units,
    cast(case
        when remaining_stock.remaining_units >= 0 or remaining_stock.sold_units = 0
            then remaining_stock.remaining_units
        else greatest(remaining_stock.remaining_units + greatest(coalesce(remaining_stock.on_order_quantity, 0), 0), 0)
    end as decimal(18, 3)) as on_hand_quantity,
    cast(case
        when remaining_stock.remaining_units >= 0 or remaining_stock.sold_units = 0
            then remaining_stock.on_order_quantity
        when remaining_stock.on_order_quantity is not null then 0
    end as decimal(18, 3)) as on_order_quantity,
    {{ days_between('remaining_stock.snapshot_date', 'stg_run_period.as_of_date') }} as count_age_days,
    remaining_stock.snapshot_date
from remaining_stock
cross join stg_run_period
