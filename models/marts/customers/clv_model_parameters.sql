{%- set models = {
    'bg_nbd': ['r', 'alpha', 'a', 'b'],
    'gamma_gamma': ['p', 'q', 'v']
} -%}
with

clv_fits as (select * from {{ ref('int_clv_fits') }}),

clv_cutoffs as (select * from {{ ref('int_clv_cutoffs') }}),

as_of_fits as (
    select
        {%- for model, parameters in models.items() %}
        clv_fits.{{ model }}_status,
        clv_fits.{{ model }}_customers,
        {%- for parameter in parameters %}
        clv_fits.{{ parameter }},
        {%- endfor %}
        clv_fits.{{ model }}_log_likelihood,
        {%- endfor %}
        clv_fits.cutoff_date
    from clv_fits
    inner join clv_cutoffs on clv_cutoffs.cutoff_date = clv_fits.cutoff_date
    where clv_cutoffs.is_as_of
)

{% for model, parameters in models.items() -%}
{%- set figures = {
    'log_likelihood': model ~ '_log_likelihood',
    'customers': 'cast(' ~ model ~ '_customers as double)',
    'converged': "cast(case when " ~ model ~ "_status in ('fitted', 'no_mean_order_value') then 1 else 0 end as double)"
} -%}
{%- for parameter in parameters + figures.keys() | list -%}
select
    '{{ model }}' as model,
    '{{ parameter }}' as parameter,
    {{ model }}_status as status,
    {{ figures[parameter] if parameter in figures else parameter }} as value,
    cutoff_date as fitted_date
from as_of_fits
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
