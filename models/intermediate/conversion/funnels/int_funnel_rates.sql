{%- set window_hours = var('funnel_window_days', 7) * 24 -%}
{%- set groups = ['date', 'funnel', 'scope', 'channel', 'device_type', 'operating_system', 'visitor_type'] -%}
with

funnel_step_counts as (select * from {{ ref('int_funnel_step_counts') }}),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Every group that was entered has a row for every step, also for steps that no entry reached.
group_steps as (
    select
        {%- for group in groups %}
        entered_groups.{{ group }},
        {%- endfor %}
        measured_funnel_steps.step_name,
        measured_funnel_steps.label,
        measured_funnel_steps.label_zh,
        measured_funnel_steps.step_number,
        measured_funnel_steps.previous_required_step,
        measured_funnel_steps.is_required,
        entered_groups.reached as entries
    from funnel_step_counts as entered_groups
    inner join measured_funnel_steps as first_steps
        on first_steps.funnel = entered_groups.funnel
        and first_steps.step_number = entered_groups.step_number
        and first_steps.required_rank = 1
    inner join measured_funnel_steps on measured_funnel_steps.funnel = entered_groups.funnel
    where measured_funnel_steps.is_measured
),

-- Undecided: the entry reached the required step before, not this one, and its window is still open.
counted_steps as (
    select
        {%- for group in groups %}
        group_steps.{{ group }},
        {%- endfor %}
        group_steps.step_name,
        group_steps.label,
        group_steps.label_zh,
        group_steps.step_number,
        group_steps.is_required,
        group_steps.entries,
        coalesce(steps.reached, 0) as reached,
        coalesce(steps.reached_out_of_order, 0) as reached_out_of_order,
        case
            when group_steps.previous_required_step is null then group_steps.entries
            else coalesce(previous_steps.reached, 0)
        end as came,
        case
            when group_steps.previous_required_step is null then 0
            else coalesce(previous_steps.reached_in_open_windows, 0) - coalesce(steps.reached_in_open_windows, 0)
        end as undecided,
        steps.median_seconds_from_previous,
        group_steps.scope = 'session' or {{ dbt.dateadd(
            'hour', window_hours, local_to_utc("cast(" ~ dbt.dateadd('day', 1, 'group_steps.date') ~ " as timestamp)")
        ) }} <= stg_run_period.as_of_end_at as is_complete
    from group_steps
    cross join stg_run_period
    {%- for name, step in [('steps', 'step_number'), ('previous_steps', 'previous_required_step')] %}
    left join funnel_step_counts as {{ name }}
        on {% for group in groups %}{{ name }}.{{ group }} = group_steps.{{ group }} and {% endfor -%}
        {{ name }}.step_number = group_steps.{{ step }}
    {%- endfor %}
)

select
    date,
    funnel,
    scope,
    channel,
    device_type,
    operating_system,
    visitor_type,
    step_name,
    label,
    label_zh,
    step_number,
    entries,
    came - undecided as entered,
    reached,
    case when is_required then came - undecided - reached end as dropped,
    undecided,
    reached_out_of_order,
    case when is_complete then {{ rounded_ratio('reached', 'came - undecided') }} end as step_conversion_rate,
    case when is_complete then {{ rounded_ratio('reached', 'entries') }} end as overall_conversion_rate,
    median_seconds_from_previous,
    is_required,
    is_complete
from counted_steps
