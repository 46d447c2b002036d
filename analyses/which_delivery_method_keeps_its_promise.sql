-- Which delivery method keeps its promise, and what does a kept one cost? All months and channels together: how many of
-- the promised orders came in time, with what interval, how much longer the slow month took than the quick one, what a
-- parcel costs, and how often the goods came back. Methods whose intervals overlap can't be told apart by this shop's
-- orders yet.
with

order_fulfilment as (
    select * from {{ ref('order_fulfilment') }}
),

method_months as (
    select
        month,
        delivery_method,
        sum(eligible_promises) as eligible_promises,
        sum(kept_promises) as kept_promises,
        sum(matured_valid_orders) as matured_valid_orders,
        sum(returned_orders) as returned_orders,
        sum(shipping_cost) as shipping_cost,
        sum(costed_orders) as costed_orders,
        -- A month's channels weigh as much as they delivered.
        sum(cast(median_delivery_days as decimal(18, 6)) * timed_deliveries) as median_days_weighed,
        sum(timed_deliveries) as timed_deliveries
    from order_fulfilment
    where eligible_promises > 0
    group by month, delivery_method
),

month_rates as (
    select
        delivery_method,
        eligible_promises,
        kept_promises,
        matured_valid_orders,
        returned_orders,
        shipping_cost,
        costed_orders,
        {{ rounded_ratio('median_days_weighed', 'timed_deliveries') }} as usual_days
    from method_months
),

totals as (
    select
        delivery_method,
        cast(sum(eligible_promises) as bigint) as eligible_promises,
        cast(sum(kept_promises) as bigint) as kept_promises,
        sum(matured_valid_orders) as matured_valid_orders,
        sum(returned_orders) as returned_orders,
        sum(shipping_cost) as shipping_cost,
        sum(costed_orders) as costed_orders,
        min(usual_days) as usual_days_of_quickest_month,
        max(usual_days) as usual_days_of_slowest_month
    from month_rates
    group by delivery_method
)

select
    delivery_method,
    eligible_promises,
    {{ rounded_ratio('kept_promises', 'eligible_promises') }} as on_time_rate,
    {{ wilson_low('kept_promises', 'eligible_promises') }} as on_time_rate_low,
    {{ wilson_high('kept_promises', 'eligible_promises') }} as on_time_rate_high,
    usual_days_of_quickest_month,
    usual_days_of_slowest_month,
    {{ mean_amount('shipping_cost', 'costed_orders') }} as shipping_cost_per_order,
    {{ mean_amount('shipping_cost', 'kept_promises') }} as shipping_cost_per_kept_promise,
    {{ rounded_ratio('returned_orders', 'matured_valid_orders') }} as return_rate
from totals
order by on_time_rate desc, delivery_method
