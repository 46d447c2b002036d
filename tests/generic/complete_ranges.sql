{#
    Rules kept as ranges: within each group, ranges from `low` (included) to `high` (excluded, null: open) must follow
    one another from `starts_at` upwards without a gap, an overlap or an inversion, and the last must be open.
    Returns the rows that break this, with what is wrong.
#}
{% test complete_ranges(model, low, high, within=[], starts_at=none) %}

with

ordered_ranges as (
    select
        {% for column in within %}{{ column }}, {% endfor %}
        {{ low }},
        {{ high }},
        lag({{ high }}) over (
            partition by {{ within | join(', ') if within else '1' }} order by {{ low }} nulls first
        ) as previous_high,
        row_number() over (
            partition by {{ within | join(', ') if within else '1' }} order by {{ low }} nulls first
        ) as range_number,
        lead({{ low }}) over (
            partition by {{ within | join(', ') if within else '1' }} order by {{ low }} nulls first
        ) as next_low
    from {{ model }}
)

select
    *,
    case
        when {{ high }} <= {{ low }} then 'inverted range'
        when range_number > 1 and previous_high is null then 'overlap: the range before is open'
        when previous_high > {{ low }} then 'overlap with the range before'
        when previous_high < {{ low }} then 'gap after the range before'
        when next_low is null and {{ high }} is not null then 'gap: the last range is not open'
        else 'the first range does not begin where it must'
    end as what_is_wrong
from ordered_ranges
where
    {{ high }} <= {{ low }}
    or (range_number > 1 and previous_high is distinct from {{ low }})
    or (next_low is null and {{ high }} is not null)
    {%- if starts_at is not none %}
    or (range_number = 1 and {{ low }} is distinct from {{ starts_at }})
    {%- endif %}

{% endtest %}
