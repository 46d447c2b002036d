with

input_spans as (select * from {{ ref('int_input_spans') }}),

shop_spans as (
    select
        min(first_row_date) as first_row_date,
        max(last_row_date) as last_row_date,
        cast(max(case when input = 'spend' then half_silence_days end) as integer) as spend_shift_days,
        count(case when input <> 'traffic' then 1 end) = 2 as has_spend_and_orders
    from input_spans
)

-- The channel of an order is known by its visit where the shop lands visits at all.
select
    max(shop_spans.spend_shift_days) as spend_shift_days,
    min(shop_spans.first_row_date) as first_row_date,
    max(shop_spans.last_row_date) as last_row_date,
    {%- for name, inputs in [
        ('orders', "'orders'"), ('spend_and_orders', "'spend', 'orders'"), ('channels', "'spend', 'orders', 'traffic'")
    ] %}
    {%- set is_part -%}
        input_spans.input in ({{ inputs }})
        {%- if name != 'orders' %} and shop_spans.has_spend_and_orders{% endif %}
    {%- endset %}
    max(case when {{ is_part }} then input_spans.first_date end) as {{ name }}_first_date,
    min(case when {{ is_part }} then input_spans.last_date end) as {{ name }}_last_date{{ ',' if not loop.last }}
    {%- endfor %}
from shop_spans
cross join input_spans
