-- Under every model the credits of all channels must add up to the orders and the revenue of the shop.
{%- set measures = {'credited_orders': 'orders', 'credited_revenue': 'net_revenue', 'spend': 'spend'} %}
with

channel_attribution as (select * from {{ ref('channel_attribution') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

attribution_models as (select * from {{ ref('attribution_models') }}),

credits as (
    select
        month,
        model,
        coalesce(sum(credited_orders), 0) as credited_orders,
        coalesce(sum(credited_revenue), 0) as credited_revenue,
        -- Spend is repeated for each order type.
        coalesce(sum(spend) filter (where order_type = 'first'), 0) as spend
    from channel_attribution
    group by month, model
),

kpi_totals as (
    select
        {{ month_of('kpi_daily.date') }} as month,
        attribution_models.model,
        {%- for kpi in measures.values() %}
        coalesce(sum(kpi_daily.{{ kpi }}), 0) as {{ kpi }}{{ "," if not loop.last }}
        {%- endfor %}
    from kpi_daily
    cross join attribution_models
    group by {{ month_of('kpi_daily.date') }}, attribution_models.model
)

select
    coalesce(credits.month, kpi_totals.month) as month,
    coalesce(credits.model, kpi_totals.model) as model,
    {%- for credit, kpi in measures.items() %}
    credits.{{ credit }},
    kpi_totals.{{ kpi }} as kpi_{{ kpi }}{{ "," if not loop.last }}
    {%- endfor %}
from credits
full join kpi_totals
    on kpi_totals.month = credits.month
    and kpi_totals.model = credits.model
where
    {%- for credit, kpi in measures.items() %}
    coalesce(credits.{{ credit }}, 0) <> coalesce(kpi_totals.{{ kpi }}, 0){{ " or" if not loop.last }}
    {%- endfor %}
