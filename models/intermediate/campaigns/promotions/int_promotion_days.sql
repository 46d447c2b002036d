with

promotions_compared as (select * from {{ ref('int_promotions_compared') }}),

sales_daily as (select * from {{ ref('int_sales_daily') }}),

dated_days as (
    select
        promotion_code,
        before_date,
        start_date,
        end_date,
        after_date,
        {{ each_day('before_date', 'later_date') }} as date
    from promotions_compared
),

numbered_days as (
    select
        promotion_code,
        case
            when date < start_date then 'before'
            when date <= end_date then 'during'
            when date <= after_date then 'after'
            else 'later'
        end as period,
        {{ days_between('before_date', 'date') }} as day_number,
        date
    from dated_days
)

select
    numbered_days.promotion_code,
    numbered_days.period,
    numbered_days.day_number,
    {{ money('coalesce(sales_daily.net_revenue, 0)') }} as net_revenue,
    numbered_days.date
from numbered_days
left join sales_daily on sales_daily.date = numbered_days.date
