{%- set numbers = {
    'orders': 'customer_orders',
    'refund_share': 'customer_orders',
    'discounted_order_share': 'customer_discounts',
    'brand_affinity': 'brand_preferences',
    'idle_visits_90d': 'idle_days',
    'carts_left_90d': 'idle_days',
    'nps_score': 'last_nps'
} -%}
with

orders_totals as (
    select * from {{ ref('int_customer_orders') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

preference_purchases as (
    select * from {{ ref('int_preference_purchases') }}
),

idle_days as (
    select * from {{ ref('int_customer_idle_days') }}
),

last_nps as (
    select * from {{ ref('int_customer_last_nps') }}
),

dissatisfaction as (
    select * from {{ ref('int_customer_dissatisfaction') }}
),

customer_orders as (
    select
        customer_id,
        orders,
        case when net_revenue > 0 then {{ exact_ratio('goods_refund_amount', 'net_revenue') }} end as refund_share
    from orders_totals
    where customer_id <> 'unknown'
),

customer_discounts as (
    select
        customer_id,
        {{ exact_ratio(
            'count(*) filter (where promotion_code is not null or item_discount_amount + order_discount_amount > 0)',
            'count(*)'
        ) }} as discounted_order_share
    from orders_valued
    where
        is_valid
        and customer_id <> 'unknown'
    group by customer_id
),

brand_orders as (
    select
        customer_id,
        preference,
        count(*) as orders
    from preference_purchases
    where kind = 'brand'
    group by customer_id, preference
),

-- One order of one brand is no loyalty yet.
brand_preferences as (
    select
        customer_id,
        {{ exact_ratio('100 * max(orders)', 'sum(orders)') }} as brand_affinity
    from brand_orders
    group by customer_id
    having max(orders) >= 2
)

{%- for measure, source in numbers.items() %}
select customer_id, '{{ measure }}' as measure, cast({{ measure }} as decimal(18, 4)) as measured
from {{ source }}
where {{ measure }} is not null
union all
{%- endfor %}
select customer_id, measure, cast(utterances as decimal(18, 4)) as measured
from dissatisfaction
