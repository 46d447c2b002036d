with

funnel_steps as (select * from {{ ref('funnel_steps') }}),

funnel_matches as (select * from {{ ref('int_funnel_matches') }}),

observed_steps as (
    select distinct funnel, step_number from funnel_matches
),

first_steps as (
    select funnel, min(step_number) as step_number from funnel_steps where is_required group by funnel
),

-- A step without any match in the data is left out. A funnel without its first step cannot be entered and is left out.
checked_steps as (
    select
        funnel_steps.funnel,
        funnel_steps.step_name,
        funnel_steps.label,
        funnel_steps.label_zh,
        funnel_steps.step_number,
        funnel_steps.is_required,
        observed_steps.step_number is not null as is_observed,
        observed_steps.step_number is not null and observed_first_steps.step_number is not null as is_measured
    from funnel_steps
    inner join first_steps on first_steps.funnel = funnel_steps.funnel
    left join observed_steps
        on observed_steps.funnel = funnel_steps.funnel
        and observed_steps.step_number = funnel_steps.step_number
    left join observed_steps as observed_first_steps
        on observed_first_steps.funnel = first_steps.funnel
        and observed_first_steps.step_number = first_steps.step_number
)

select
    funnel,
    step_name,
    label,
    label_zh,
    step_number,
    case
        when is_measured and is_required
            then sum(case when is_measured and is_required then 1 else 0 end) over (
                partition by funnel order by step_number rows between unbounded preceding and current row
            )
    end as required_rank,
    case
        when is_measured
            then max(case when is_measured and is_required then step_number end) over (
                partition by funnel order by step_number rows between unbounded preceding and 1 preceding
            )
    end as previous_required_step,
    case
        when is_measured
            then min(case when is_measured and is_required then step_number end) over (
                partition by funnel order by step_number rows between 1 following and unbounded following
            )
    end as next_required_step,
    is_required,
    is_observed,
    is_measured
from checked_steps
