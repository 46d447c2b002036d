with

input_days as (select * from {{ ref('int_input_days') }}),

coverage_rules as (select * from {{ ref('coverage_rules') }}),

ranked_gaps as (
    select
        input,
        gap_days,
        row_number() over (partition by input order by gap_days desc, date) as gap_number,
        count(*) over (partition by input) as gaps
    from input_days
    where gap_days is not null
),

-- The longest gaps, which may be outages, do not tell the rhythm that they are compared with.
typical_gaps as (
    select
        ranked_gaps.input,
        ranked_gaps.gaps,
        max(case when ranked_gaps.gap_number > coverage_rules.most_outages then ranked_gaps.gap_days end)
        as recurring_days,
        max(case
            when ranked_gaps.gap_number > coverage_rules.most_outages
                and ranked_gaps.gap_number > coverage_rules.rare_gap_share * ranked_gaps.gaps
                then ranked_gaps.gap_days
        end) as long_days,
        max(case when 2 * ranked_gaps.gap_number > ranked_gaps.gaps then ranked_gaps.gap_days end) as median_days
    from ranked_gaps
    cross join coverage_rules
    where ranked_gaps.gaps >= coverage_rules.fewest_gaps
    group by ranked_gaps.input, ranked_gaps.gaps
),

gap_limits as (
    select
        typical_gaps.input,
        greatest(
            coverage_rules.shortest_outage_days,
            2 * typical_gaps.recurring_days,
            typical_gaps.median_days
            + coverage_rules.outage_spreads * (typical_gaps.long_days - typical_gaps.median_days)
        ) as longest_rhythm_days
    from typical_gaps
    cross join coverage_rules
),

gap_shares as (
    select
        input_days.input,
        input_days.gap_days,
        cume_dist() over (partition by input_days.input order by input_days.gap_days) as gap_share,
        gap_limits.longest_rhythm_days
    from input_days
    inner join gap_limits on gap_limits.input = input_days.input
    where input_days.gap_days <= gap_limits.longest_rhythm_days
)

-- A silence is part of the input as far as it is usual: weekly spend is the week's, and no order today is none.
select
    gap_shares.input,
    min(case when gap_shares.gap_share >= coverage_rules.usual_gap_share then gap_shares.gap_days end)
    as usual_gap_days,
    max(gap_shares.longest_rhythm_days) as longest_rhythm_days
from gap_shares
cross join coverage_rules
group by gap_shares.input
