with

customer_shopper_types as (select * from {{ ref('customer_shopper_types') }}),

shopper_types as (select * from {{ ref('shopper_types') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- A type without people is a row of 0.
type_totals as (
    select
        shopper_types.shopper_type,
        shopper_types.label,
        shopper_types.label_zh,
        shopper_types.priority,
        count(customer_shopper_types.person_id) as people,
        cast(coalesce(sum(customer_shopper_types.sessions), 0) as bigint) as sessions,
        {%- for column, input in [('duration_seconds', 'events'), ('page_views', 'events'), ('orders', 'orders')] %}
        cast({{ zero_if_landed(
            'sum(customer_shopper_types.' ~ column ~ ')', 'bool_or(inputs_present.has_' ~ input ~ ')'
        ) }} as bigint) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from shopper_types
    cross join inputs_present
    left join customer_shopper_types on customer_shopper_types.shopper_type = shopper_types.shopper_type
    group by shopper_types.shopper_type, shopper_types.label, shopper_types.label_zh, shopper_types.priority
),

totals as (
    select
        cast(sum(people) as bigint) as all_people,
        cast(sum(duration_seconds) as bigint) as all_duration_seconds,
        cast(sum(page_views) as bigint) as all_page_views,
        cast(sum(orders) as bigint) as all_orders
    from type_totals
)

select
    type_totals.shopper_type,
    type_totals.label,
    type_totals.label_zh,
    type_totals.priority,
    type_totals.people,
    totals.all_people,
    {{ rounded_ratio('type_totals.people', 'totals.all_people') }} as people_share,
    type_totals.sessions,
    type_totals.duration_seconds,
    totals.all_duration_seconds,
    {{ rounded_ratio('type_totals.duration_seconds', 'totals.all_duration_seconds') }} as time_share,
    type_totals.page_views,
    totals.all_page_views,
    {{ rounded_ratio('type_totals.page_views', 'totals.all_page_views') }} as page_share,
    {{ rounded_ratio('type_totals.page_views', 'type_totals.people') }} as pages_per_person,
    type_totals.orders,
    totals.all_orders,
    {{ rounded_ratio('type_totals.orders', 'totals.all_orders') }} as order_share
from type_totals
cross join totals
