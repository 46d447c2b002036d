-- Every entry is dropped at one step, undecided at one step, or has reached the last one. Otherwise the funnel loses
-- entries or counts them twice.
with

funnel_daily as (select * from {{ ref('funnel_daily') }}),

visitor_funnel_daily as (select * from {{ ref('visitor_funnel_daily') }}),

funnel_rows as (
    select 'session' as scope, * from funnel_daily
    union all
    select 'visitor' as scope, * from visitor_funnel_daily
),

ranked_steps as (
    select
        date,
        funnel,
        scope,
        channel,
        device_type,
        operating_system,
        visitor_type,
        entries,
        reached,
        dropped,
        undecided,
        row_number() over (
            partition by date, funnel, scope, channel, device_type, operating_system, visitor_type
            order by step_number desc
        ) as steps_to_the_end
    from funnel_rows
    where is_required
)

select
    date,
    funnel,
    scope,
    channel,
    device_type,
    operating_system,
    visitor_type
from ranked_steps
group by date, funnel, scope, channel, device_type, operating_system, visitor_type
having
    max(entries) <> sum(dropped) + sum(undecided) + sum(case when steps_to_the_end = 1 then reached else 0 end)
    or min(dropped) < 0
    or min(undecided) < 0
