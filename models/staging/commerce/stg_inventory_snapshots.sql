with

base_inventory_snapshots as (select * from {{ ref('base_inventory_snapshots') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_inventory_snapshots.snapshot_date,
    base_inventory_snapshots.product_id,
    base_inventory_snapshots.on_hand_quantity,
    base_inventory_snapshots.on_order_quantity
from base_inventory_snapshots
cross join stg_run_period
where
    base_inventory_snapshots.is_current
    and base_inventory_snapshots.snapshot_date <= stg_run_period.as_of_date
