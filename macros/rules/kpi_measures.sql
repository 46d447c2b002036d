{#
    Measures that the seed kpis may use as numerator or denominator: sums over days, and buyers, counted once a period.
    Those on common days are of a rate.
#}
{% macro kpi_measures() -%}
    {{ return([
        'gmv', 'net_revenue', 'orders', 'buyers', 'new_buyers', 'sessions', 'converting_sessions', 'refunds',
        'goods_refunds', 'spend', 'net_revenue_less_spend', 'sessions_on_common_days', 'spend_on_common_days',
    ]) }}
{%- endmacro %}
