with

compared_sales as (select * from {{ ref('int_compared_sales') }}),

revenue_factor_parts as (select * from {{ ref('int_revenue_factor_parts') }}),

month_parts as (
    select
        month,
        {%- for factor, _, _ in revenue_factors() %}
        cast(sum(case when factor = '{{ factor }}' then part end) as decimal(18, 2)) as {{ factor }}_part
        {{- "," if not loop.last }}
        {%- endfor %}
    from revenue_factor_parts
    group by month
)

select
    compared_sales.buyers,
    compared_sales.unknown_orders,
    {%- for prefix in ['', 'previous_'] %}
    {%- for factor, counted, base in revenue_factors() %}
    {%- if base %}
    {{ rounded_ratio(
        'compared_sales.' ~ prefix ~ counted, 'compared_sales.' ~ prefix ~ base
    ) }} as {{ prefix }}{{ factor }},
    {%- endif %}
    {{ 'compared_sales.' ~ prefix ~ counted }},
    {%- endfor %}
    {%- endfor %}
    cast(
        compared_sales.net_revenue - compared_sales.previous_net_revenue as decimal(18, 2)
    ) as net_revenue_change,
    {%- for factor, _, _ in revenue_factors() %}
    month_parts.{{ factor }}_part,
    {%- endfor %}
    compared_sales.days,
    compared_sales.is_complete,
    compared_sales.month
from compared_sales
left join month_parts on month_parts.month = compared_sales.month
