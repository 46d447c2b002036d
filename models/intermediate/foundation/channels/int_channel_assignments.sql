{%- set attributes = channel_rule_attributes() -%}
with

distinct_arrivals as (
    select * from {{ ref('int_distinct_arrivals') }}
),

channel_rules as (
    select * from {{ ref('channel_rules') }}
),

arrival_values as (
    {%- for attribute in attributes %}
    select arrival_key, '{{ attribute }}' as attribute, {{ attribute }} as value from distinct_arrivals
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

rule_patterns as (
    {%- for attribute in attributes %}
    select priority, '{{ attribute }}' as attribute, {{ attribute }} as pattern
    from channel_rules
    where {{ attribute }} <> ''
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

rule_sizes as (
    select priority, count(*) as patterns from rule_patterns group by priority
),

distinct_values as (
    select distinct attribute, value from arrival_values
),

distinct_patterns as (
    select distinct attribute, pattern from rule_patterns
),

-- Each pattern is tried once on each value, however many arrivals and rules share it.
matched_values as (
    select distinct_values.attribute, distinct_values.value, distinct_patterns.pattern
    from distinct_values
    inner join distinct_patterns
        on distinct_patterns.attribute = distinct_values.attribute
        and {{ matches_pattern('distinct_values.value', 'distinct_patterns.pattern') }}
),

-- A rule matches if all of its patterns match.
matched_rules as (
    select arrival_values.arrival_key, rule_patterns.priority
    from arrival_values
    inner join matched_values
        on matched_values.attribute = arrival_values.attribute
        and matched_values.value = arrival_values.value
    inner join rule_patterns
        on rule_patterns.attribute = matched_values.attribute
        and rule_patterns.pattern = matched_values.pattern
    inner join rule_sizes on rule_sizes.priority = rule_patterns.priority
    group by arrival_values.arrival_key, rule_patterns.priority
    having count(*) = max(rule_sizes.patterns)
),

first_rules as (
    select arrival_key, min(priority) as priority from matched_rules group by arrival_key
)

select
    {%- for key in arrival_attributes() %}
    distinct_arrivals.{{ key }},
    {%- endfor %}
    coalesce(channel_rules.channel, 'unassigned') as channel,
    channel_rules.priority
from distinct_arrivals
left join first_rules on first_rules.arrival_key = distinct_arrivals.arrival_key
left join channel_rules on channel_rules.priority = first_rules.priority
