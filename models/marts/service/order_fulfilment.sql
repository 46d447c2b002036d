with

orders_fulfilled as (select * from {{ ref('int_orders_fulfilled') }}),

delivery_times as (select * from {{ ref('int_delivery_times') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

counts as (
    select
        order_month as month,
        sales_channel,
        delivery_method,
        count(*) as placed,
        case when count(is_completed) > 0 then count(*) filter (where is_completed) end as completed,
        count(*) filter (where status = 'cancelled') as cancelled,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where is_matured and is_completed is not null) as matured_orders,
        count(*) filter (where is_matured and is_completed) as matured_completed,
        count(*) filter (where is_shipped) as shipped,
        count(*) filter (where is_delivered) as delivered,
        count(is_on_time) as eligible_promises,
        count(*) filter (where is_on_time) as kept_promises,
        count(*) filter (where is_return_eligible) as matured_valid_orders,
        case when count(is_returned) > 0 then count(*) filter (where is_returned) end as returned_orders,
        case when count(is_exchanged) > 0 then count(*) filter (where is_exchanged) end as exchanged_orders,
        sum(net_revenue) filter (where is_return_eligible) as matured_net_revenue,
        sum(refunded_amount) as refunded_amount,
        sum(shipping_cost) as shipping_cost,
        count(shipping_cost) as costed_orders
    from orders_fulfilled
    group by order_month, sales_channel, delivery_method
)

select
    counts.month,
    counts.sales_channel,
    counts.delivery_method,
    counts.placed,
    counts.completed,
    {{ zero_if_landed('counts.cancelled', 'inputs_present.has_cancellations') }} as cancelled,
    {{ zero_if_landed('counts.failed', 'inputs_present.has_order_status') }} as failed,
    counts.matured_orders,
    counts.matured_completed,
    {{ rounded_ratio('counts.matured_completed', 'counts.matured_orders') }} as completion_rate,
    {{ zero_if_landed('counts.shipped', 'inputs_present.has_shipments') }} as shipped,
    {{ zero_if_landed('counts.delivered', 'inputs_present.has_shipments') }} as delivered,
    {{ zero_if_landed('delivery_times.timed_deliveries', 'inputs_present.has_shipments') }} as timed_deliveries,
    {{ rounded_ratio('delivery_times.doubled_median_seconds', 2 * 86400) }} as median_delivery_days,
    {{ rounded_ratio('delivery_times.p90_seconds', 86400) }} as p90_delivery_days,
    {{ zero_if_landed('counts.eligible_promises', 'inputs_present.has_shipments') }} as eligible_promises,
    {{ zero_if_landed('counts.kept_promises', 'inputs_present.has_shipments') }} as kept_promises,
    {{ rounded_ratio('counts.kept_promises', 'counts.eligible_promises') }} as on_time_rate,
    {{ wilson_low('counts.kept_promises', 'counts.eligible_promises') }} as on_time_rate_low,
    {{ wilson_high('counts.kept_promises', 'counts.eligible_promises') }} as on_time_rate_high,
    counts.matured_valid_orders,
    counts.returned_orders,
    {{ rounded_ratio('counts.returned_orders', 'counts.matured_valid_orders') }} as return_rate,
    counts.exchanged_orders,
    {{ rounded_ratio('counts.exchanged_orders', 'counts.matured_valid_orders') }} as exchange_rate,
    {{ money('counts.matured_net_revenue') }} as matured_net_revenue,
    {{ money('counts.refunded_amount') }} as refunded_amount,
    {{ rounded_ratio('counts.refunded_amount', 'counts.matured_net_revenue') }} as refund_share,
    {{ money('counts.shipping_cost') }} as shipping_cost,
    counts.costed_orders,
    {{ mean_amount('counts.shipping_cost', 'counts.costed_orders') }} as shipping_cost_per_order
from counts
cross join inputs_present
left join delivery_times
    on delivery_times.order_month = counts.month
    and delivery_times.sales_channel = counts.sales_channel
    and delivery_times.delivery_method = counts.delivery_method
