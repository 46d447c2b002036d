-- Lost shipping cost would make delivery look cheaper than the carriers' invoices.
with

order_fulfilment as (select * from {{ ref('order_fulfilment') }}),

stg_shipments as (select * from {{ ref('stg_shipments') }}),

placed_orders as (
    select * from {{ ref('orders') }} where is_placed
),

fulfilment_cost as (
    select coalesce(sum(shipping_cost), 0) as shipping_cost from order_fulfilment
),

parcel_cost as (
    select coalesce(sum({{ money('stg_shipments.shipping_cost') }}), 0) as shipping_cost
    from stg_shipments
    inner join placed_orders on placed_orders.order_id = stg_shipments.order_id
)

select
    fulfilment_cost.shipping_cost as cost_in_fulfilment,
    parcel_cost.shipping_cost as cost_of_parcels
from fulfilment_cost
cross join parcel_cost
where fulfilment_cost.shipping_cost <> parcel_cost.shipping_cost
