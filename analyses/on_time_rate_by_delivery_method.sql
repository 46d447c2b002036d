-- Which delivery method delivers on time, and what does an on-time delivery cost? Over all months and channels: the
-- share of promised orders delivered on time with its interval, the median delivery days of the fastest and the slowest
-- month, the shipping cost per order, and the return rate. If the intervals of two methods overlap, the shop has too
-- few orders to tell them apart.
with

order_fulfilment as (select * from {{ ref('order_fulfilment') }}),

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
        -- The month's median over channels, weighted by deliveries.
        sum(cast(median_delivery_days as decimal(18, 6)) * timed_deliveries) as weighted_median_days,
        sum(timed_deliveries) as timed_deliveries
    from order_fulfilment
    where eligible_promises > 0
    group by month, delivery_method
),

usual_method_months as (
    select
        delivery_method,
        eligible_promises,
        kept_promises,
        matured_valid_orders,
        returned_orders,
        shipping_cost,
        costed_orders,
        {{ rounded_ratio('weighted_median_days', 'timed_deliveries') }} as usual_days
    from method_months
),

method_totals as (
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
    from usual_method_months
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
from method_totals
order by on_time_rate desc, delivery_method
