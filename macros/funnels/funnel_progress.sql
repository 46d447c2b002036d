{#
    The rest of a query that measures the progress of funnel entries: one row per entry and step that happened in it. An
    entry exists only if the first step was reached. The query begins with `with` and the CTEs that the arguments name.

    A required step is reached at its earliest match at or after the moment of the required step before. An optional
    step is reached at its earliest match between its required neighbours, or after the one before if the next one is
    not reached. Each match is compared with one row only, its entry's required step before, so the cost grows with the
    number of matches.

    steps     CTE with funnel, step_number, required_rank, previous_required_step, next_required_step, is_required,
              is_measured.
    matches   CTE with funnel, step_number, `entry` and matched_at (whole seconds), all within the entry's window.
    entry     column that identifies the entry within its funnel.
    owner     column of `matches` with one value for each entry, which the result has too; none: no column.
    depth     most required steps that a funnel may have.

    Result: funnel, entry, owner, step_number, seconds_from_previous (from the required step before; null at the
    first step), is_reached, reached_at (null: it happened, but out of order).
#}
{% macro funnel_progress(steps, matches, entry, owner=none, depth=12) -%}
measured_matches as (
    select
        {{ matches }}.funnel,
        {{ matches }}.{{ entry }},
        {%- if owner %}
        {{ matches }}.{{ owner }},
        {%- endif %}
        {{ matches }}.step_number,
        {{ steps }}.required_rank,
        {{ matches }}.matched_at
    from {{ matches }}
    inner join {{ steps }}
        on {{ steps }}.funnel = {{ matches }}.funnel
        and {{ steps }}.step_number = {{ matches }}.step_number
    where {{ steps }}.is_measured
),

{{ required_progress(entry, depth) }},

reached_optional as (
    select
        measured_matches.funnel,
        measured_matches.{{ entry }},
        measured_matches.step_number,
        min(previous_steps.matched_at) as previous_matched_at,
        min(measured_matches.matched_at) as matched_at
    from measured_matches
    inner join {{ steps }}
        on {{ steps }}.funnel = measured_matches.funnel
        and {{ steps }}.step_number = measured_matches.step_number
    inner join reached_required as previous_steps
        on previous_steps.funnel = measured_matches.funnel
        and previous_steps.{{ entry }} = measured_matches.{{ entry }}
        and previous_steps.step_number = {{ steps }}.previous_required_step
    left join reached_required as next_steps
        on next_steps.funnel = measured_matches.funnel
        and next_steps.{{ entry }} = measured_matches.{{ entry }}
        and next_steps.step_number = {{ steps }}.next_required_step
    where
        measured_matches.required_rank is null
        and measured_matches.matched_at >= previous_steps.matched_at
        and (next_steps.matched_at is null or measured_matches.matched_at <= next_steps.matched_at)
    group by measured_matches.funnel, measured_matches.{{ entry }}, measured_matches.step_number
),

reached_steps as (
    select funnel, {{ entry }}, step_number, previous_matched_at, matched_at from reached_required
    union all
    select funnel, {{ entry }}, step_number, previous_matched_at, matched_at from reached_optional
),

happened_steps as (
    select distinct
        measured_matches.funnel,
        measured_matches.{{ entry }},
        {%- if owner %}
        measured_matches.{{ owner }},
        {%- endif %}
        measured_matches.step_number
    from measured_matches
    inner join reached_1
        on reached_1.funnel = measured_matches.funnel
        and reached_1.{{ entry }} = measured_matches.{{ entry }}
)

select
    happened_steps.funnel,
    happened_steps.{{ entry }},
    {%- if owner %}
    happened_steps.{{ owner }},
    {%- endif %}
    happened_steps.step_number,
    {{ seconds_between('reached_steps.previous_matched_at', 'reached_steps.matched_at') }} as seconds_from_previous,
    reached_steps.matched_at is not null as is_reached,
    reached_steps.matched_at as reached_at
from happened_steps
left join reached_steps
    on reached_steps.funnel = happened_steps.funnel
    and reached_steps.{{ entry }} = happened_steps.{{ entry }}
    and reached_steps.step_number = happened_steps.step_number
{%- endmacro %}


{#
    The CTEs reached_1 (the first required step of each entry) and reached_required (each required step that it reaches)
    over measured_matches.
#}
{% macro required_progress(entry, depth) -%}
    {{ return(adapter.dispatch('required_progress', 'shopper_analytics')(entry, depth)) }}
{%- endmacro %}

{% macro default__required_progress(entry, depth) -%}
reached_1 as (
    select
        funnel,
        {{ entry }},
        min(step_number) as step_number,
        cast(null as timestamp) as previous_matched_at,
        min(matched_at) as matched_at
    from measured_matches
    where required_rank = 1
    group by funnel, {{ entry }}
),
{% for rank in range(2, depth + 1) %}
reached_{{ rank }} as (
    select
        reached_{{ rank - 1 }}.funnel,
        reached_{{ rank - 1 }}.{{ entry }},
        min(measured_matches.step_number) as step_number,
        min(reached_{{ rank - 1 }}.matched_at) as previous_matched_at,
        min(measured_matches.matched_at) as matched_at
    from reached_{{ rank - 1 }}
    inner join measured_matches
        on measured_matches.funnel = reached_{{ rank - 1 }}.funnel
        and measured_matches.{{ entry }} = reached_{{ rank - 1 }}.{{ entry }}
        and measured_matches.matched_at >= reached_{{ rank - 1 }}.matched_at
    where measured_matches.required_rank = {{ rank }}
    group by reached_{{ rank - 1 }}.funnel, reached_{{ rank - 1 }}.{{ entry }}
),
{% endfor %}
reached_required as (
    {%- for rank in range(1, depth + 1) %}
    select funnel, {{ entry }}, step_number, previous_matched_at, matched_at from reached_{{ rank }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{#
    Spark repeats a CTE wherever it is read, so a chain of them grows with the square of its length. Here an entry's
    matches are walked through once, by rank and time, and each that continues the chain is kept.
#}
{% macro spark__required_progress(entry, depth) -%}
required_chains as (
    select
        funnel,
        {{ entry }},
        explode(aggregate(
            array_sort(collect_list(struct(required_rank, matched_at, step_number))),
            cast(array() as array<struct<previous_matched_at: timestamp, matched_at: timestamp, step_number: bigint>>),
            (kept, found) -> case
                when found.required_rank = size(kept) + 1 and (
                    size(kept) = 0 or found.matched_at >= element_at(kept, -1).matched_at
                )
                    then concat(kept, array(struct(
                        case when size(kept) > 0 then element_at(kept, -1).matched_at end as previous_matched_at,
                        found.matched_at,
                        cast(found.step_number as bigint) as step_number
                    )))
                else kept
            end
        )) as reached
    from measured_matches
    where required_rank <= {{ depth }}
    group by funnel, {{ entry }}
),

reached_required as (
    select
        funnel,
        {{ entry }},
        reached.step_number,
        reached.previous_matched_at,
        reached.matched_at
    from required_chains
),

reached_1 as (
    select funnel, {{ entry }} from reached_required where previous_matched_at is null
)
{%- endmacro %}
