{#
    Rules tried by priority, of which the first match counts: priorities and names are unique, the last rule sets no
    bound and so matches the rest, no earlier rule is without a bound (nothing after it could match), and no range is
    inverted. Returns the rows that break this, with what is wrong.

    priority  column with the order of the rules.
    assigns   column with what a rule assigns.
    bounds    columns that hold conditions; null sets none.
    ranges    pairs [low, high] of bounds on the same measure.
#}
{% test first_match_rules(model, priority, assigns, bounds, ranges=[]) %}

with

rules as (
    select
        *,
        coalesce({{ bounds | join(', ') }}) is null as has_no_bound,
        count(*) over (partition by {{ priority }}) as priority_uses,
        count(*) over (partition by {{ assigns }}) as name_uses,
        max({{ priority }}) over () as last_priority
    from {{ model }}
),

checked_rules as (
    select
        *,
        case
            when {{ priority }} is null or {{ assigns }} is null then 'no priority or no name'
            when priority_uses > 1 then 'the priority is used twice'
            when name_uses > 1 then 'the name is used twice'
            when has_no_bound and {{ priority }} < last_priority then 'no bound: rules after it can never match'
            when not has_no_bound and {{ priority }} = last_priority then 'gap: the last rule must have no bound'
            {%- for low, high in ranges %}
            when {{ low }} > {{ high }} then 'inverted range: {{ low }}, {{ high }}'
            {%- endfor %}
        end as what_is_wrong
    from rules
)

select *
from checked_rules
where what_is_wrong is not null

{% endtest %}
