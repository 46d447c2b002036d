with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stg_promotions as (select * from {{ ref('stg_promotions') }}),

elasticity_rules as (select * from {{ ref('elasticity_rules') }}),

observed_dates as (
    select {{ each_day('first_date', 'as_of_date') }} as active_date
    from stg_run_period
    where first_date is not null
),

-- A partial week sells fewer units at any price, so only full weeks count.
full_weeks as (
    select cast(date_trunc('week', active_date) as date) as week_date
    from observed_dates
    group by cast(date_trunc('week', active_date) as date)
    having count(*) = 7
),

promotion_periods as (
    select
        {{ local_date('starts_at') }} as start_date,
        {{ local_date('ends_at') }} as end_date
    from stg_promotions
    where starts_at <= ends_at
),

-- A promotion that runs all year is part of the price. Only short promotions are modelled separately.
promotion_weeks as (
    select distinct full_weeks.week_date
    from full_weeks
    cross join elasticity_rules
    inner join promotion_periods
        on promotion_periods.end_date >= full_weeks.week_date
        and {{ days_between('full_weeks.week_date', 'promotion_periods.start_date') }} < 7
        and {{ days_between('promotion_periods.start_date', 'promotion_periods.end_date') }}
        < elasticity_rules.max_promotion_days
)

select
    promotion_weeks.week_date is not null as is_on_promotion,
    full_weeks.week_date,
    {{ month_of('full_weeks.week_date') }} as month
from full_weeks
left join promotion_weeks on promotion_weeks.week_date = full_weeks.week_date
