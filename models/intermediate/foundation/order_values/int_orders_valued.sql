with

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

order_numbers as (select * from {{ ref('int_order_numbers') }}),

order_amounts as (select * from {{ ref('int_order_amounts') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

order_margins as (select * from {{ ref('int_order_margins') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

given_back as (
    select
        order_id,
        sum(goods_amount_at_order_rate) as goods_refund_amount,
        sum(other_amount_at_order_rate) as other_refund_amount
    from refunds_restated
    group by order_id
)

select
    stg_orders.order_id,
    order_customers.customer_id,
    order_customers.visitor_id,
    stg_orders.session_id,
    stg_orders.subscription_id,
    orders_converted.promotion_code,
    stg_orders.sales_channel,
    stg_orders.status,
    orders_validated.invalid_reason,
    orders_validated.payment_method,
    stg_orders.currency,
    order_amounts.revenue_basis,
    order_numbers.order_number,
    order_amounts.items,
    order_amounts.units,
    stg_orders.points_redeemed,
    order_amounts.gmv,
    order_amounts.gross_amount,
    order_amounts.item_discount_amount,
    order_amounts.order_discount_amount,
    order_amounts.unapplied_discount_amount,
    order_amounts.net_revenue,
    {{ money('coalesce(given_back.goods_refund_amount, 0)') }} as goods_refund_amount,
    {{ money('coalesce(given_back.other_refund_amount, 0)') }} as other_refund_amount,
    {{ money('order_amounts.net_revenue - coalesce(given_back.goods_refund_amount, 0)') }} as net_revenue_after_refunds,
    order_margins.cost_amount,
    order_margins.gross_margin,
    {{ money('coalesce(order_margins.covered_net_revenue, 0)') }} as covered_net_revenue,
    {{ money(zero_if_landed('order_margins.covered_gross_margin', 'inputs_present.has_costs')) }}
    as covered_gross_margin,
    {{ rounded_ratio('coalesce(order_margins.covered_net_revenue, 0)', 'order_amounts.net_revenue') }}
    as cost_covered_share,
    order_charges.other_charges_amount,
    orders_converted.shipping_amount,
    orders_converted.shipping_discount_amount,
    orders_converted.tax_amount,
    orders_converted.total_amount,
    order_customers.is_guest,
    order_customers.is_known_customer,
    orders_validated.is_test,
    orders_validated.is_placed,
    orders_validated.is_valid,
    orders_validated.is_partly_paid,
    order_numbers.is_first_order,
    coalesce(stg_orders.is_renewal, false) as is_renewal,
    order_amounts.revenue_basis <> 'items' as has_no_items,
    order_amounts.has_total_mismatch,
    orders_converted.promotion_code is not null
    or order_amounts.item_discount_amount + order_amounts.order_discount_amount > 0 as is_discounted,
    order_amounts.is_discount_capped,
    order_amounts.is_discount_unapplied,
    orders_converted.order_date,
    {{ month_of('orders_converted.order_date') }} as order_month,
    order_numbers.previous_order_date,
    stg_orders.ordered_at,
    orders_validated.paid_at,
    stg_orders.completed_at,
    stg_orders.cancelled_at
from stg_orders
inner join orders_converted on orders_converted.order_id = stg_orders.order_id
inner join orders_validated on orders_validated.order_id = stg_orders.order_id
inner join order_customers on order_customers.order_id = stg_orders.order_id
inner join order_amounts on order_amounts.order_id = stg_orders.order_id
inner join order_charges on order_charges.order_id = stg_orders.order_id
cross join inputs_present
left join order_margins on order_margins.order_id = stg_orders.order_id
left join order_numbers on order_numbers.order_id = stg_orders.order_id
left join given_back on given_back.order_id = stg_orders.order_id
