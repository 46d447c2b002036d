{%- set has_lines = 'inputs_present.has_orders and inputs_present.has_order_items' -%}
with

preference_views as (select * from {{ ref('int_preference_views') }}),

preference_purchases as (select * from {{ ref('int_preference_purchases') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

view_totals as (
    select
        customer_id, kind, preference,
        cast(sum(case when is_view then events else 0 end) as bigint) as views,
        cast(sum(case when is_view then 0 else events end) as bigint) as carts
    from preference_views
    group by customer_id, kind, preference
),

purchase_totals as (
    select
        customer_id, kind, preference,
        count(*) as orders,
        sum(spend) as spend,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount
    from preference_purchases
    group by customer_id, kind, preference
)

select
    coalesce(view_totals.customer_id, purchase_totals.customer_id) as customer_id,
    coalesce(view_totals.kind, purchase_totals.kind) as kind,
    coalesce(view_totals.preference, purchase_totals.preference) as preference,
    {{ zero_if_landed('view_totals.views', 'inputs_present.has_events') }} as views,
    {{ zero_if_landed('view_totals.carts', 'inputs_present.has_events') }} as carts,
    {{ zero_if_landed('purchase_totals.orders', has_lines) }} as orders,
    {{ money(zero_if_landed('purchase_totals.spend', has_lines)) }} as spend,
    {{ money(zero_if_landed('purchase_totals.gross_amount', has_lines)) }} as gross_amount,
    {{ money(zero_if_landed('purchase_totals.discount_amount', has_lines)) }} as discount_amount
from view_totals
full outer join purchase_totals
    on purchase_totals.customer_id = view_totals.customer_id
    and purchase_totals.kind = view_totals.kind
    and purchase_totals.preference = view_totals.preference
cross join inputs_present
