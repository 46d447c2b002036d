-- A KPI of an unknown measure would be missing from every month. An amount divided by an amount would not be an amount.
with

kpis as (select * from {{ ref('kpis') }}),

checked_kpis as (
    select
        kpi,
        case
            when kpi is null or display_order is null or label is null or label_zh is null
                then 'no name, display order or label'
            when numerator is null or numerator not in ('{{ kpi_measures() | join("', '") }}') then 'unknown numerator'
            when denominator not in ('{{ kpi_measures() | join("', '") }}') then 'unknown denominator'
            when denominator = numerator then 'divided by itself'
            when unit = 'money' and denominator not in ('orders', 'buyers', 'new_buyers', 'sessions')
                then 'money is divided by a count'
            when unit = 'rate' and denominator is null then 'a rate needs a denominator'
        end as what_is_wrong
    from kpis
)

select *
from checked_kpis
where what_is_wrong is not null
