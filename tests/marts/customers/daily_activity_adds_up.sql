-- A missing day or a person counted twice makes stickiness wrong. Counts of a longer window must not be below those of
-- a shorter one, and first active days must add up to all people.
with

customer_activity_daily as (select * from {{ ref('customer_activity_daily') }}),

active_days as (select * from {{ ref('int_active_days') }}),

broken_days as (
    select date
    from customer_activity_daily
    where
        not (
            daily_active between 0 and weekly_active
            and weekly_active <= monthly_active
            and new_visitors between 0 and daily_active
        )
        or not (
            daily_active_customers between 0 and weekly_active_customers
            and weekly_active_customers <= monthly_active_customers
            and new_customers between 0 and daily_active_customers
        )
),

totals as (
    select
        coalesce(sum(daily_active), 0) as visitor_days,
        coalesce(sum(new_visitors), 0) as visitors,
        coalesce(sum(daily_active_customers), 0) as customer_days,
        coalesce(sum(new_customers), 0) as customers
    from customer_activity_daily
),

expected_totals as (
    select
        count(*) filter (where population = 'visitors') as visitor_days,
        count(distinct person_id) filter (where population = 'visitors') as visitors,
        count(*) filter (where population = 'customers') as customer_days,
        count(distinct person_id) filter (where population = 'customers') as customers
    from active_days
),

last_day as (
    select max(date) as date from customer_activity_daily
),

recent_days as (
    select
        active_days.population,
        active_days.person_id,
        {{ days_between('active_days.active_date', 'last_day.date') }} as days_ago
    from active_days
    cross join last_day
),

-- The counts of the last day, computed directly from distinct people.
last_counts as (
    select
        count(distinct person_id) filter (where population = 'visitors' and days_ago < 7) as weekly,
        count(distinct person_id) filter (where population = 'visitors') as monthly,
        count(distinct person_id) filter (where population = 'customers' and days_ago < 7) as weekly_customers,
        count(distinct person_id) filter (where population = 'customers') as monthly_customers
    from recent_days
    where days_ago < 30
)

select cast(date as {{ dbt.type_string() }}) as failing_part from broken_days
union all
select 'totals' as failing_part
from totals
cross join expected_totals
where
    totals.visitor_days <> expected_totals.visitor_days
    or totals.visitors <> expected_totals.visitors
    or totals.customer_days <> expected_totals.customer_days
    or totals.customers <> expected_totals.customers
union all
select 'last day' as failing_part
from customer_activity_daily
inner join last_day on last_day.date = customer_activity_daily.date
cross join last_counts
where
    coalesce(customer_activity_daily.weekly_active, 0) <> last_counts.weekly
    or coalesce(customer_activity_daily.monthly_active, 0) <> last_counts.monthly
    or customer_activity_daily.weekly_active_customers <> last_counts.weekly_customers
    or customer_activity_daily.monthly_active_customers <> last_counts.monthly_customers
