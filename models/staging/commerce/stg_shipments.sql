with

base_shipments as (select * from {{ ref('base_shipments') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

select
    base_shipments.shipment_id,
    base_shipments.order_id,
    base_shipments.carrier,
    base_shipments.delivery_method,
    base_shipments.shipping_cost,
    base_shipments.shipped_at,
    base_shipments.promised_at,
    {{ if_before('base_shipments.delivered_at', 'stg_run_period.as_of_end_at') }} as delivered_at
from base_shipments
cross join stg_run_period
inner join stg_orders on stg_orders.order_id = base_shipments.order_id
where
    base_shipments.is_current
    and (base_shipments.shipped_at is null or base_shipments.shipped_at < stg_run_period.as_of_end_at)
