with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

line_sums as (
    select
        order_id,
        count(*) as items,
        cast(sum(quantity) as decimal(18, 3)) as units,
        sum(gmv) as gmv,
        sum(gross_amount) as gross_amount,
        sum(item_discount_amount) as item_discount_amount,
        sum(order_discount_amount) as order_discount_amount,
        sum(net_revenue) as net_revenue,
        sum(gross_amount - item_discount_amount) > 0 as has_value,
        max(case when is_item_discount_capped then 1 else 0 end) = 1 as is_item_discount_capped
    from order_lines_discounted
    group by order_id
),

-- If the shop lands no lines at all, what the order's total leaves for goods is its net revenue, already after the
-- discount. Where lines are landed, the revenue of an order without lines is unknown.
charged_orders as (
    select
        orders_converted.order_id,
        {{ without_tax('orders_converted.discount_amount') }} as discount_amount,
        order_charges.goods_charged as net_revenue
    from orders_converted
    inner join order_charges on order_charges.order_id = orders_converted.order_id
    cross join inputs_present
    where not inputs_present.has_order_items and orders_converted.total_amount is not null
)

select
    orders_converted.order_id,
    case
        when line_sums.order_id is not null then 'items'
        when charged_orders.order_id is not null then 'order_total'
        else 'none'
    end as revenue_basis,
    {{ zero_if_landed('line_sums.items', 'inputs_present.has_order_items') }} as items,
    {{ zero_if_landed('line_sums.units', 'inputs_present.has_order_items') }} as units,
    {{ money('coalesce(line_sums.gmv, charged_orders.net_revenue + charged_orders.discount_amount, 0)') }} as gmv,
    {{ money('coalesce(line_sums.gross_amount, charged_orders.net_revenue + charged_orders.discount_amount, 0)') }}
    as gross_amount,
    {{ money('coalesce(line_sums.item_discount_amount, 0)') }} as item_discount_amount,
    {{ money('coalesce(line_sums.order_discount_amount, charged_orders.discount_amount, 0)') }}
    as order_discount_amount,
    order_charges.unapplied_discount_amount,
    {{ money('coalesce(line_sums.net_revenue, charged_orders.net_revenue, 0)') }} as net_revenue,
    -- A cent for each amount that was rounded: the lines, and the order's discount, shipping and tax.
    abs(
        orders_converted.total_amount - order_charges.other_charged
        - coalesce(line_sums.net_revenue, charged_orders.net_revenue, 0)
    ) > 0.01 * (coalesce(line_sums.items, 0) + order_charges.other_amounts + 3) as has_total_mismatch,
    coalesce(
        line_sums.is_item_discount_capped
        or (order_charges.unapplied_discount_amount > 0 and line_sums.has_value), false
    ) as is_discount_capped,
    orders_converted.discount_amount > 0
    and charged_orders.order_id is null
    and not coalesce(line_sums.has_value, false) as is_discount_unapplied
from orders_converted
inner join order_charges on order_charges.order_id = orders_converted.order_id
cross join inputs_present
left join line_sums on line_sums.order_id = orders_converted.order_id
left join charged_orders on charged_orders.order_id = orders_converted.order_id
