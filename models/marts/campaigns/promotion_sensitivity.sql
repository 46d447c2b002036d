with

segment_orders as (select * from {{ ref('int_segment_orders') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

segments as (
    select
        rfm_segment,
        count(distinct customer_id) as customers,
        count(*) as orders,
        {{ money('sum(gross_amount)') }} as gross_amount
    from segment_orders
    group by rfm_segment
),

all_segments as (
    select count(*) as orders from segment_orders
),

promoted_orders as (
    select
        rfm_segment,
        promotion_type,
        count(distinct customer_id) as promotion_customers,
        count(*) as promotion_orders,
        sum(gross_amount) as promotion_gross_amount,
        sum(discount_amount) as promotion_discount_amount,
        sum(net_revenue) as promotion_net_revenue
    from segment_orders
    where promotion_type is not null
    group by rfm_segment, promotion_type
),

used_promotion_types as (
    select
        promotion_type,
        cast(sum(promotion_orders) as bigint) as promotion_orders
    from promoted_orders
    group by promotion_type
),

-- A segment without orders of a type is a row of zeros.
segment_promotions as (
    select
        segments.rfm_segment,
        used_promotion_types.promotion_type,
        segments.customers,
        coalesce(promoted_orders.promotion_customers, 0) as promotion_customers,
        segments.orders,
        coalesce(promoted_orders.promotion_orders, 0) as promotion_orders,
        used_promotion_types.promotion_orders as all_promotion_orders,
        all_segments.orders as all_orders,
        segments.gross_amount,
        {{ money('coalesce(promoted_orders.promotion_gross_amount, 0)') }} as promotion_gross_amount,
        {{ money(zero_if_landed(
            'promoted_orders.promotion_discount_amount', 'inputs_present.has_order_items'
        )) }} as promotion_discount_amount,
        {{ money('coalesce(promoted_orders.promotion_net_revenue, 0)') }} as promotion_net_revenue
    from segments
    cross join used_promotion_types
    cross join all_segments
    cross join inputs_present
    left join promoted_orders
        on promoted_orders.rfm_segment = segments.rfm_segment
        and promoted_orders.promotion_type = used_promotion_types.promotion_type
)

select
    rfm_segment,
    promotion_type,
    customers,
    promotion_customers,
    orders,
    promotion_orders,
    {{ rounded_ratio('promotion_orders', 'orders') }} as promotion_order_share,
    all_orders,
    all_promotion_orders,
    {{ rounded_ratio('(promotion_orders * all_orders)', '(orders * all_promotion_orders)') }} as promotion_index,
    gross_amount,
    promotion_gross_amount,
    promotion_discount_amount,
    {{ rounded_ratio('promotion_discount_amount', 'gross_amount') }} as discount_share,
    {{ rounded_ratio('promotion_discount_amount', 'promotion_gross_amount') }} as discount_depth,
    promotion_net_revenue
from segment_promotions
