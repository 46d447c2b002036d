{%- set groups = [('', 'true'), ('off_category_', 'is_off_category'), ('same_category_', 'not is_off_category')] -%}
with

recommendation_impressions as (select * from {{ ref('int_recommendation_impressions') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

placements as (
    select
        session_month as month,
        placement,
        count(distinct session_id) as sessions,
        {%- for prefix, condition in groups %}
        {%- for measure, counted in [('impressions', 'true'), ('clicked', 'is_clicked'), ('carted', 'is_carted')] %}
        {%- set rows = 'count(case when ' ~ condition ~ ' and ' ~ counted ~ ' then 1 end)' %}
        {{ 'case when count(is_off_category) > 0 then ' ~ rows ~ ' end' if prefix else rows }}
        as {{ prefix ~ measure }},
        {%- endfor %}
        {%- endfor %}
        count(case when is_product_carted then 1 end) as product_carted,
        count(is_off_category) as compared_impressions
    from recommendation_impressions
    group by session_month, placement
),

shown_sessions as (
    select
        session_month,
        placement,
        session_id,
        min(occurred_at) as first_shown_at
    from recommendation_impressions
    group by session_month, placement, session_id
),

placement_orders as (
    select
        shown_sessions.session_month as month,
        shown_sessions.placement,
        count(*) as orders,
        cast(sum(orders_valued.net_revenue) as decimal(18, 2)) as net_revenue
    from shown_sessions
    inner join order_sessions on order_sessions.session_id = shown_sessions.session_id
    inner join orders_valued on orders_valued.order_id = order_sessions.order_id
    where orders_valued.is_valid and orders_valued.ordered_at >= shown_sessions.first_shown_at
    group by shown_sessions.session_month, shown_sessions.placement
)

select
    placements.month,
    placements.placement,
    placements.sessions,
    {%- for prefix, _ in groups %}
    {{ 'placements.' ~ prefix ~ 'impressions' }},
    {{ 'placements.' ~ prefix ~ 'clicked' }},
    {{ rounded_ratio('placements.' ~ prefix ~ 'clicked', 'placements.' ~ prefix ~ 'impressions') }}
        as {{ prefix }}click_through_rate,
    {{ 'placements.' ~ prefix ~ 'carted' }},
    {{ rounded_ratio('placements.' ~ prefix ~ 'carted', 'placements.' ~ prefix ~ 'impressions') }}
        as {{ prefix }}add_to_cart_rate,
    {%- endfor %}
    placements.product_carted,
    {{ rounded_ratio('placements.product_carted', 'placements.impressions') }} as product_add_to_cart_rate,
    placements.compared_impressions,
    {{ rounded_ratio('placements.off_category_impressions', 'placements.compared_impressions') }} as off_category_share,
    {{ zero_if_landed('placement_orders.orders', 'inputs_present.has_orders') }} as orders,
    {{ zero_if_landed('placement_orders.net_revenue', 'inputs_present.has_orders') }} as net_revenue
from placements
cross join inputs_present
left join placement_orders
    on placement_orders.month = placements.month
    and placement_orders.placement = placements.placement
