with

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

stg_marketing_spend as (select * from {{ ref('stg_marketing_spend') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

coverage_rules as (select * from {{ ref('coverage_rules') }}),

input_days as (
    select 'orders' as input, {{ local_date('ordered_at') }} as date from stg_orders
    union
    select 'traffic' as input, {{ local_date('started_at') }} as date from stg_sessions
    union
    select 'traffic' as input, {{ local_date('occurred_at') }} as date from stg_events
    union
    select 'spend' as input, spend_date as date from stg_marketing_spend
),

input_gaps as (
    select
        input,
        date,
        {{ days_between('lag(date) over (partition by input order by date)', 'date') }} as gap_days
    from input_days
),

gap_shares as (
    select
        input,
        gap_days,
        cume_dist() over (partition by input order by gap_days) as gap_share
    from input_gaps
    where gap_days is not null
),

usual_gaps as (
    select
        gap_shares.input,
        min(case when gap_shares.gap_share >= coverage_rules.usual_gap_share then gap_shares.gap_days end) as gap_days
    from gap_shares
    cross join coverage_rules
    group by gap_shares.input
    having count(*) >= max(coverage_rules.fewest_gaps)
),

-- A silence is part of the input as far as it is usual: weekly spend is the week's, and no order today is none.
silent_inputs as (
    select
        input_days.input,
        min(input_days.date) as first_row_date,
        max(input_days.date) as last_row_date,
        max(least(
            coalesce(usual_gaps.gap_days, coverage_rules.longest_gap_days), coverage_rules.longest_gap_days
        )) - 1 as silent_days
    from input_days
    cross join coverage_rules
    left join usual_gaps on usual_gaps.input = input_days.input
    group by input_days.input
)

select
    silent_inputs.input,
    {{ whole_quotient('silent_inputs.silent_days', '2') }} as half_silence_days,
    silent_inputs.first_row_date,
    silent_inputs.last_row_date,
    cast({{ dbt.dateadd('day', '-silent_inputs.silent_days', 'silent_inputs.first_row_date') }} as date) as first_date,
    least(
        cast({{ dbt.dateadd('day', 'silent_inputs.silent_days', 'silent_inputs.last_row_date') }} as date),
        stg_run_period.as_of_date
    ) as last_date
from silent_inputs
cross join stg_run_period
