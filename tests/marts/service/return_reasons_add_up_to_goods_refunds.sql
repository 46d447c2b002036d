-- Reasons that do not add up to the booked refunds would point to the wrong cause.
with

return_reasons as (select * from {{ ref('return_reasons') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

reason_months as (
    select
        month,
        sum(amount) as amount
    from return_reasons
    group by month
),

kpi_months as (
    select
        {{ month_of('date') }} as month,
        sum(goods_refunds) as amount
    from kpi_daily
    group by {{ month_of('date') }}
)

select
    coalesce(reason_months.month, kpi_months.month) as month,
    reason_months.amount as amount_of_reasons,
    kpi_months.amount as goods_refunds
from reason_months
full join kpi_months on kpi_months.month = reason_months.month
where coalesce(reason_months.amount, 0) <> coalesce(kpi_months.amount, 0)
