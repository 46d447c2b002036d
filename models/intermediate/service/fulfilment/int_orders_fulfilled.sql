with

placed_orders as (
    select * from {{ ref('int_orders_valued') }} where is_placed
),

order_deliveries as (select * from {{ ref('int_order_deliveries') }}),

order_returns as (select * from {{ ref('int_order_returns') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

service_rules as (select * from {{ ref('service_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

landed_flags as (
    select count(completed_at) > 0 as has_completed_at from placed_orders
)

select
    placed_orders.order_id,
    coalesce(placed_orders.sales_channel, 'unknown') as sales_channel,
    case
        when not inputs_present.has_shipments then 'unknown'
        else coalesce(order_deliveries.delivery_method, 'none')
    end as delivery_method,
    -- An order may be cancelled by its time, whatever its status says about the payment.
    case when placed_orders.invalid_reason = 'cancelled' then 'cancelled' else placed_orders.status end as status,
    placed_orders.net_revenue,
    order_returns.refunded_amount,
    order_deliveries.shipping_cost,
    -- A delivery before the order has a wrong time stamp, so the delivery time is null.
    case
        when order_deliveries.delivered_at >= placed_orders.ordered_at
            then {{ seconds_between('placed_orders.ordered_at', 'order_deliveries.delivered_at') }}
    end as delivery_seconds,
    order_returns.order_id is not null as is_return_eligible,
    {{ days_between(
        'placed_orders.order_date', 'stg_run_period.as_of_date'
    ) }} >= service_rules.order_days as is_matured,
    -- A refunded order counts as completed if it has a completion time; a cancelled or failed one does not.
    case
        when inputs_present.has_order_status or landed_flags.has_completed_at
            then coalesce(placed_orders.invalid_reason not in ('cancelled', 'failed'), true)
                and (coalesce(placed_orders.status = 'completed', false) or placed_orders.completed_at is not null)
    end as is_completed,
    order_deliveries.order_id is not null as is_shipped,
    order_deliveries.delivered_at is not null as is_delivered,
    order_deliveries.is_on_time,
    order_returns.is_returned,
    order_returns.is_exchanged,
    placed_orders.order_month
from placed_orders
cross join inputs_present
cross join service_rules
cross join stg_run_period
cross join landed_flags
left join order_deliveries on order_deliveries.order_id = placed_orders.order_id
left join order_returns on order_returns.order_id = placed_orders.order_id
