with

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }})

select
    {{ money('gmv') }} as gmv,
    {{ money('net_revenue') }} as net_revenue,
    orders,
    {{ mean_amount('net_revenue', 'orders') }} as aov,
    buyers,
    new_buyers,
    unknown_orders,
    {{ mean_amount('net_revenue', 'buyers') }} as arpu,
    sessions,
    converting_sessions,
    {{ rounded_ratio('converting_sessions', 'sessions_on_common_days') }} as conversion_rate,
    {{ money('refunds') }} as refunds,
    {{ money('goods_refunds') }} as goods_refunds,
    {{ money('spend') }} as spend,
    {{ rounded_ratio('(net_revenue_on_common_days - spend_on_common_days)', 'spend_on_common_days') }} as roi,
    date
from kpi_facts_daily
