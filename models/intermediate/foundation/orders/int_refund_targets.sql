with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

stg_order_items as (select * from {{ ref('stg_order_items') }}),

refunds_of_orders as (
    select
        refunds_converted.refund_id,
        refunds_converted.order_id,
        stg_refunds.order_item_id,
        refunds_converted.product_id
    from refunds_converted
    inner join stg_refunds on stg_refunds.refund_id = refunds_converted.refund_id
    where refunds_converted.order_id is not null
),

named_lines as (
    select
        refunds_of_orders.refund_id,
        stg_order_items.order_item_id
    from refunds_of_orders
    inner join stg_order_items
        on stg_order_items.order_id = refunds_of_orders.order_id
        and stg_order_items.order_item_id = refunds_of_orders.order_item_id
),

named_products as (
    select
        refunds_of_orders.refund_id,
        stg_order_items.order_item_id
    from refunds_of_orders
    inner join stg_order_items
        on stg_order_items.order_id = refunds_of_orders.order_id
        and stg_order_items.product_id = refunds_of_orders.product_id
    left join named_lines on named_lines.refund_id = refunds_of_orders.refund_id
    where named_lines.refund_id is null
),

targeted_refunds as (
    select refund_id from named_lines
    union
    select refund_id from named_products
),

-- A refund that names neither a line nor a product of its order concerns the whole order.
whole_orders as (
    select
        refunds_of_orders.refund_id,
        stg_order_items.order_item_id
    from refunds_of_orders
    inner join stg_order_items on stg_order_items.order_id = refunds_of_orders.order_id
    left join targeted_refunds on targeted_refunds.refund_id = refunds_of_orders.refund_id
    where targeted_refunds.refund_id is null
)

select refund_id, order_item_id, 'line' as named_by from named_lines
union all
select refund_id, order_item_id, 'product' as named_by from named_products
union all
select refund_id, order_item_id, 'order' as named_by from whole_orders
