{%- set metrics = {
    'conversion_rate': ['cast(buyers as decimal(24, 2))', 'cast(buyers as decimal(38, 4))'],
    'orders_per_unit': ['orders', 'orders_squared'],
    'revenue_per_unit': ['revenue', 'revenue_squared'],
} -%}
with

experiment_arms as (select * from {{ ref('int_experiment_arms') }})
{% for metric, sums in metrics.items() %}
select
    experiment_id,
    variant,
    '{{ metric }}' as metric,
    units,
    {{ sums[0] }} as total,
    {{ sums[1] }} as total_of_squares
from experiment_arms
{{ "union all" if not loop.last }}
{%- endfor %}
