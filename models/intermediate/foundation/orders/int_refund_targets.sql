with

stg_refunds as (
    select * from {{ ref('stg_refunds') }}
),

refunds_converted as (
    select * from {{ ref('int_refunds_converted') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_discounted') }}
),

order_refunds as (
    select
        refunds_converted.refund_id,
        refunds_converted.order_id,
        stg_refunds.order_item_id,
        refunds_converted.product_id
    from refunds_converted
    inner join stg_refunds on stg_refunds.refund_id = refunds_converted.refund_id
    where refunds_converted.order_id is not null
),

lines_named as (
    select
        order_refunds.refund_id,
        order_lines.order_item_id
    from order_refunds
    inner join order_lines
        on order_lines.order_id = order_refunds.order_id
        and order_lines.order_item_id = order_refunds.order_item_id
),

products_named as (
    select
        order_refunds.refund_id,
        order_lines.order_item_id
    from order_refunds
    inner join order_lines
        on order_lines.order_id = order_refunds.order_id
        and order_lines.product_id = order_refunds.product_id
    left join lines_named on lines_named.refund_id = order_refunds.refund_id
    where lines_named.refund_id is null
),

refunds_placed as (
    select refund_id from lines_named
    union
    select refund_id from products_named
),

-- A refund that names neither a line nor a product of its order is one of the order as a whole.
whole_orders as (
    select
        order_refunds.refund_id,
        order_lines.order_item_id
    from order_refunds
    inner join order_lines on order_lines.order_id = order_refunds.order_id
    left join refunds_placed on refunds_placed.refund_id = order_refunds.refund_id
    where refunds_placed.refund_id is null
)

select refund_id, order_item_id, 'line' as named_by from lines_named
union all
select refund_id, order_item_id, 'product' as named_by from products_named
union all
select refund_id, order_item_id, 'order' as named_by from whole_orders
