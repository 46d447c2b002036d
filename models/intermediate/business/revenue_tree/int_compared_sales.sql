{%- set measures = ['customers', 'orders', 'items', 'net_revenue'] -%}
with

period_sales as (select * from {{ ref('int_period_sales') }})

-- is_month = is_complete: a month that is over is compared with the whole month before, the open month with its first
-- days.
select
    months.month,
    months.buyers,
    months.unknown_orders,
    {%- for measure in measures %}
    months.{{ measure }},
    {%- endfor %}
    {%- for measure in measures %}
    previous.{{ measure }} as previous_{{ measure }},
    {%- endfor %}
    months.is_complete,
    coalesce(
        months.net_revenue > 0 and months.items > 0 and previous.net_revenue > 0 and previous.items > 0, false
    ) as is_comparable,
    {{ days_between('months.first_date', 'months.last_date') }} + 1 as days
from period_sales as months
left join period_sales as previous
    on previous.month = {{ month_plus('months.month', -1) }}
    and previous.is_month = months.is_complete
    and previous.is_whole_from_start
where months.is_month
