with

input_days as (select * from {{ ref('int_input_days') }}),

input_rhythms as (select * from {{ ref('int_input_rhythms') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

coverage_rules as (select * from {{ ref('coverage_rules') }}),

-- Days covered before and after a row can fill a silence that is long for the rhythm; then it is no outage.
silent_days as (
    select
        input_days.input,
        input_days.gap_days,
        input_days.date,
        input_rhythms.longest_rhythm_days,
        least(
            coalesce(input_rhythms.usual_gap_days, coverage_rules.longest_gap_days), coverage_rules.longest_gap_days
        ) - 1 as silent_days
    from input_days
    cross join coverage_rules
    left join input_rhythms on input_rhythms.input = input_days.input
),

numbered_days as (
    select
        input,
        date,
        silent_days,
        count(case when gap_days > longest_rhythm_days and gap_days > 2 * silent_days + 1 then 1 end) over (
            partition by input order by date rows between unbounded preceding and current row
        ) as outages_before
    from silent_days
),

pieces as (
    select
        input,
        outages_before + 1 as piece_number,
        min(date) as first_row_date,
        max(date) as last_row_date,
        silent_days
    from numbered_days
    group by input, outages_before, silent_days
)

select
    pieces.input,
    pieces.piece_number,
    {{ whole_quotient('pieces.silent_days', '2') }} as half_silence_days,
    pieces.first_row_date,
    pieces.last_row_date,
    cast({{ dbt.dateadd('day', '-pieces.silent_days', 'pieces.first_row_date') }} as date) as first_date,
    least(
        cast({{ dbt.dateadd('day', 'pieces.silent_days', 'pieces.last_row_date') }} as date),
        stg_run_period.as_of_date
    ) as last_date
from pieces
cross join stg_run_period
