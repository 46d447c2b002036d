-- Segments add up to all segments, types to all types, and the orders of all segments are those of the RFM window.
-- Otherwise the next discount goes to the wrong customers.
with

promotion_sensitivity as (select * from {{ ref('promotion_sensitivity') }}),

customer_rfm as (select * from {{ ref('customer_rfm') }}),

window_orders as (
    select sum(frequency) as orders from customer_rfm
),

-- Every order counts in four rows: segment and type, segment, type, and all.
compared as (
    select
        'segments' as margin,
        promotion_type as member,
        sum(case when rfm_segment = 'all' then -promotion_orders else promotion_orders end) as orders_apart,
        sum(case when rfm_segment = 'all' then -promotion_discount_amount else promotion_discount_amount end)
        as discount_apart
    from promotion_sensitivity
    group by promotion_type
    union all
    select
        'types' as margin,
        rfm_segment as member,
        sum(case when promotion_type = 'all' then -promotion_orders else promotion_orders end) as orders_apart,
        sum(case when promotion_type = 'all' then -promotion_discount_amount else promotion_discount_amount end)
        as discount_apart
    from promotion_sensitivity
    group by rfm_segment
    union all
    select
        'window' as margin,
        promotion_sensitivity.promotion_type as member,
        promotion_sensitivity.orders - window_orders.orders as orders_apart,
        0 as discount_apart
    from promotion_sensitivity
    cross join window_orders
    where promotion_sensitivity.rfm_segment = 'all'
)

select
    margin,
    member,
    orders_apart,
    discount_apart
from compared
where orders_apart <> 0 or discount_apart <> 0
