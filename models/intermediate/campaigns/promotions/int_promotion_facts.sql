{%- set sums = {
    'promotion_sales': {
        'counts': ['orders', 'orders_outside_dates', 'customers', 'new_customers', 'costed_orders'],
        'amounts': [
            'gross_amount', 'item_discount_amount', 'order_discount_amount', 'net_revenue', 'covered_net_revenue',
            'covered_gross_margin'
        ],
    },
    'promotion_comparisons': {
        'counts': ['orders_without'],
        'amounts': ['net_revenue_without', 'covered_net_revenue_without', 'covered_gross_margin_without'],
    },
} -%}
with

promotions_dated as (
    select * from {{ ref('int_promotions_dated') }}
),

promotion_sales as (
    select * from {{ ref('int_promotion_sales') }}
),

promotion_comparisons as (
    select * from {{ ref('int_promotion_comparisons') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
)

-- A promotion that nobody used sold nothing; what a shop without orders sold is not known.
select
    promotions_dated.promotion_code,
    promotions_dated.promotion_name,
    promotions_dated.promotion_type,
    {%- for source, columns in sums.items() %}
    {%- for column in columns.counts %}
    {{ zero_if_landed(source ~ '.' ~ column, 'inputs_present.has_orders') }} as {{ column }},
    {%- endfor %}
    {%- for column in columns.amounts %}
    {{ money(zero_if_landed(source ~ '.' ~ column, 'inputs_present.has_orders')) }} as {{ column }},
    {%- endfor %}
    {%- endfor %}
    promotions_dated.is_known,
    promotions_dated.is_complete,
    promotions_dated.start_date,
    promotions_dated.end_date
from promotions_dated
cross join inputs_present
left join promotion_sales on promotion_sales.promotion_code = promotions_dated.promotion_code
left join promotion_comparisons on promotion_comparisons.promotion_code = promotions_dated.promotion_code
