{%- set traits = ['city_tier', 'age_band', 'gender'] -%}
with

order_categories as (select * from {{ ref('int_order_categories') }}),

order_circumstances as (select * from {{ ref('int_order_circumstances') }}),

category_sales as (
    select
        order_categories.category,
        order_circumstances.city_tier,
        order_circumstances.age_band,
        order_circumstances.gender,
        order_categories.units,
        order_categories.net_revenue,
        order_circumstances.order_month as month
    from order_categories
    inner join order_circumstances on order_circumstances.order_id = order_categories.order_id
)

select
    {{ period_of('month') }} as period,
    category,
    {%- for trait in traits %}
    case when grouping({{ trait }}) = 1 then 'all' else {{ trait }} end as {{ trait }},
    {%- endfor %}
    case
        when grouping(city_tier) + grouping(age_band) + grouping(gender) = 0 then 'cell'
        {%- for trait in traits %}
        when grouping({{ trait }}) = 0 then '{{ trait }}'
        {%- endfor %}
        else 'all'
    end as breakdown,
    count(*) as orders,
    cast(sum(units) as decimal(18, 3)) as units,
    {{ money('sum(net_revenue)') }} as net_revenue,
    month
from category_sales
group by grouping sets (
    {%- for period in ['month, ', ''] %}
    {%- for trait in traits %}
    ({{ period }}category, {{ trait }}),
    {%- endfor %}
    ({{ period }}category, {{ traits | join(', ') }}),
    ({{ period }}category){{ "," if not loop.last }}
    {%- endfor %}
)
