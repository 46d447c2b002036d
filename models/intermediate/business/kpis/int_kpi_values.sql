with

kpi_measures as (select * from {{ ref('int_kpi_measures') }}),

kpis as (select * from {{ ref('kpis') }})

select
    numerators.month,
    numerators.is_month,
    kpis.kpi,
    numerators.amount as numerator,
    denominators.amount as denominator,
    case
        when kpis.denominator is null then cast(numerators.amount as double)
        when kpis.unit = 'money'
            then cast({{ mean_amount('numerators.amount', 'cast(denominators.amount as bigint)') }} as double)
        else {{ rounded_ratio('numerators.amount', 'denominators.amount') }}
    end as value
from kpis
inner join kpi_measures as numerators on numerators.measure = kpis.numerator
left join kpi_measures as denominators
    on denominators.measure = kpis.denominator
    and denominators.month = numerators.month
    and denominators.is_month = numerators.is_month
