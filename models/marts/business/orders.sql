with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_channels as (select * from {{ ref('int_order_channels') }}),

int_refunds as (select * from {{ ref('int_refunds') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

implied_refunds as (select order_id from int_refunds where is_refund_implied)

select
    orders_valued.order_id,
    orders_valued.customer_id,
    orders_valued.visitor_id,
    order_channels.session_id,
    orders_valued.subscription_id,
    orders_valued.promotion_code,
    order_channels.channel,
    orders_valued.sales_channel,
    orders_valued.status,
    orders_valued.invalid_reason,
    orders_valued.payment_method,
    orders_valued.currency,
    orders_valued.revenue_basis,
    orders_valued.order_number,
    orders_valued.items,
    orders_valued.units,
    orders_valued.points_redeemed,
    orders_valued.gmv,
    orders_valued.gross_amount,
    case when inputs_present.has_order_items then orders_valued.item_discount_amount end as item_discount_amount,
    orders_valued.order_discount_amount,
    orders_valued.unapplied_discount_amount,
    orders_valued.net_revenue,
    orders_valued.goods_refund_amount,
    orders_valued.other_refund_amount,
    orders_valued.net_revenue_after_refunds,
    orders_valued.cost_amount,
    orders_valued.gross_margin,
    orders_valued.covered_net_revenue,
    orders_valued.covered_gross_margin,
    orders_valued.cost_covered_share,
    orders_valued.other_charges_amount,
    orders_valued.shipping_amount,
    orders_valued.shipping_discount_amount,
    orders_valued.tax_amount,
    orders_valued.total_amount,
    orders_valued.is_guest,
    orders_valued.is_known_customer,
    orders_valued.is_test,
    orders_valued.is_placed,
    orders_valued.is_valid,
    orders_valued.is_partly_paid,
    orders_valued.is_valid and implied_refunds.order_id is not null as is_refund_implied,
    orders_valued.is_first_order,
    orders_valued.is_renewal,
    orders_valued.has_no_items,
    orders_valued.has_total_mismatch,
    orders_valued.is_discount_capped,
    orders_valued.is_discount_unapplied,
    orders_valued.order_date,
    orders_valued.order_month,
    orders_valued.previous_order_date,
    orders_valued.ordered_at,
    orders_valued.paid_at,
    orders_valued.completed_at,
    orders_valued.cancelled_at
from orders_valued
inner join order_channels on order_channels.order_id = orders_valued.order_id
cross join inputs_present
left join implied_refunds on implied_refunds.order_id = orders_valued.order_id
