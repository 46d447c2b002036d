{%- set landed = [
    'customer_id', 'order_item_id', 'reason', 'quantity', 'goods_amount', 'shipping_amount', 'tax_amount', 'is_return',
    'is_exchange', 'requested_at'
] -%}
with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_order_items as (select * from {{ ref('stg_order_items') }}),

stg_payments as (select * from {{ ref('stg_payments') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- A refund that names only a line is of the line's order. A line of another order is ignored.
refunds_with_lines as (
    select
        stg_refunds.refund_id,
        coalesce(stg_refunds.order_id, stg_order_items.order_id) as order_id,
        case
            when coalesce(stg_refunds.order_id, stg_order_items.order_id) = stg_order_items.order_id
                then coalesce(stg_order_items.product_id, stg_refunds.product_id)
            else stg_refunds.product_id
        end as product_id
    from stg_refunds
    left join stg_order_items on stg_order_items.order_item_id = stg_refunds.order_item_id
),

refunded_orders as (select distinct order_id from refunds_with_lines),

-- The last payment went back, and none that is larger stands: otherwise a part of the order went back, not all of it.
returned_payments as (
    select order_id, max(attempted_at) as returned_at
    from stg_payments
    where status in ('succeeded', 'refunded')
    group by order_id
    having
        max(case when status = 'refunded' then attempted_at end) = max(attempted_at)
        and coalesce(sum(case when status = 'refunded' then amount else -amount end) >= 0, true)
),

line_amounts as (
    select order_id, sum(
        cast(quantity as decimal(19, 3)) * cast(unit_price as decimal(19, 6)) - coalesce(discount_amount, 0)
    ) as amount
    from stg_order_items
    group by order_id
),

implied_refunds as (
    select
        stg_orders.order_id,
        coalesce(stg_orders.total_amount, greatest(
            coalesce(line_amounts.amount, 0) - coalesce(stg_orders.discount_amount, 0)
            + greatest(coalesce(stg_orders.shipping_amount, 0) - coalesce(stg_orders.shipping_discount_amount, 0), 0)
            + case when stg_orders.prices_include_tax then 0 else coalesce(stg_orders.tax_amount, 0) end
            + coalesce(stg_orders.fees_amount, 0) + coalesce(stg_orders.tip_amount, 0), 0
        )) as amount,
        stg_orders.currency,
        stg_orders.ordered_at,
        case when stg_orders.status = 'refunded' and stg_orders.updated_at < stg_run_period.as_of_end_at
            then stg_orders.updated_at end as status_at,
        returned_payments.returned_at
    from stg_orders
    cross join stg_run_period
    left join refunded_orders on refunded_orders.order_id = stg_orders.order_id
    left join returned_payments on returned_payments.order_id = stg_orders.order_id
    left join line_amounts on line_amounts.order_id = stg_orders.order_id
    where
        refunded_orders.order_id is null and (stg_orders.status = 'refunded' or returned_payments.order_id is not null)
)

select
    stg_refunds.refund_id,
    refunds_with_lines.order_id,
    refunds_with_lines.product_id,
    stg_refunds.currency,
    stg_refunds.amount,
    false as is_refund_implied,
    stg_refunds.refunded_at
    {%- for column in landed %},
    stg_refunds.{{ column }}
    {%- endfor %}
from stg_refunds
inner join refunds_with_lines on refunds_with_lines.refund_id = stg_refunds.refund_id
union all
select
    'implied:' || order_id as refund_id,
    order_id,
    null as product_id,
    currency,
    cast(amount as decimal(18, 6)) as amount,
    true as is_refund_implied,
    greatest(coalesce(status_at, returned_at, ordered_at), ordered_at) as refunded_at
    {%- for column in landed %},
    null as {{ column }}
    {%- endfor %}
from implied_refunds
