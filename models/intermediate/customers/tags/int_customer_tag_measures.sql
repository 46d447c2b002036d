{%- set measure_sources = {
    'orders': 'order_measures',
    'refund_share': 'order_measures',
    'discounted_order_share': 'customer_discounts',
    'brand_affinity': 'brand_preferences',
    'recent_idle_visits': 'customer_idle_days',
    'recent_carts_left': 'customer_idle_days'
} -%}
with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_discounts as (select * from {{ ref('int_customer_discounts') }}),

preference_purchases as (select * from {{ ref('int_preference_purchases') }}),

customer_idle_days as (select * from {{ ref('int_customer_idle_days') }}),

customer_feedback_measures as (select * from {{ ref('int_customer_feedback_measures') }}),

tag_measure_rules as (select * from {{ ref('tag_measure_rules') }}),

order_measures as (
    select
        customer_id,
        orders,
        case when net_revenue > 0 then {{ exact_ratio('goods_refund_amount', 'net_revenue') }} end as refund_share
    from customer_orders
    where is_known_customer
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

brand_totals as (
    select
        customer_id,
        max(orders) as top_brand_orders,
        {{ exact_ratio('100 * max(orders)', 'sum(orders)') }} as brand_affinity
    from brand_orders
    group by customer_id
),

-- A single order of a brand does not show loyalty to the brand.
brand_preferences as (
    select
        brand_totals.customer_id,
        brand_totals.brand_affinity
    from brand_totals
    cross join tag_measure_rules
    where brand_totals.top_brand_orders >= tag_measure_rules.brand_orders_from
)

{%- for measure, source in measure_sources.items() %}
select customer_id, '{{ measure }}' as measure, cast({{ measure }} as decimal(18, 4)) as measured
from {{ source }}
where {{ measure }} is not null
union all
{%- endfor %}
select customer_id, measure, measured
from customer_feedback_measures
