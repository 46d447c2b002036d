{%- set spans = {'regular': "'before', 'later'", 'during': "'during'", 'after': "'after'"} -%}
with

promotion_days as (select * from {{ ref('int_promotion_days') }}),

-- Products are exact decimals, so that the fitted line does not depend on the order of days.
multiplied_days as (
    select
        promotion_code,
        period,
        day_number,
        weekday_number,
        net_revenue,
        day_number * day_number as day_squared,
        net_revenue * net_revenue as net_revenue_squared,
        net_revenue * cast(day_number as decimal(6, 0)) as day_times_net_revenue
    from promotion_days
)

select
    promotion_code,
    weekday_number,
    {%- for span, periods in spans.items() %}
    count(*) filter (where period in ({{ periods }})) as {{ span }}_days,
    cast(coalesce(sum(day_number) filter (where period in ({{ periods }})), 0) as bigint) as {{ span }}_day_numbers,
    {{ money("coalesce(sum(net_revenue) filter (where period in (" ~ periods ~ ")), 0)") }} as {{ span }}_net_revenue,
    {%- endfor %}
    cast(sum(day_squared) filter (where period in ({{ spans.regular }})) as bigint) as regular_days_squared,
    cast(sum(net_revenue_squared) filter (where period in ({{ spans.regular }})) as decimal(38, 4))
    as regular_net_revenue_squared,
    cast(sum(day_times_net_revenue) filter (where period in ({{ spans.regular }})) as decimal(38, 2))
    as regular_day_times_net_revenue
from multiplied_days
group by promotion_code, weekday_number
