{%- set keys = arrival_attributes() -%}
{%- set attributes = channel_rule_attributes() -%}
with

session_arrivals as (select * from {{ ref('int_session_arrivals') }}),

marketing_spend_tagged as (select * from {{ ref('int_marketing_spend_tagged') }}),

signup_sources as (select * from {{ ref('int_signup_sources') }}),

traffic_sources as (select * from {{ ref('int_traffic_sources') }}),

channel_rules as (select * from {{ ref('channel_rules') }}),

arrivals as (
    select {{ keys | join(', ') }} from session_arrivals
    union
    select source, medium, campaign, '' as referrer_host, '' as click_id, coalesce(platform, '') as platform
    from marketing_spend_tagged
    union
    select source, medium, '(not set)' as campaign, '' as referrer_host, '' as click_id, code as platform
    from signup_sources
),

keyed_arrivals as (
    select
        md5({% for key in keys %}arrivals.{{ key }}{{ " || chr(10) || " if not loop.last }}{% endfor %}) as arrival_key,
        arrivals.{{ keys | join(', arrivals.') }},
        coalesce(traffic_sources.source_category, '') as source_category
    from arrivals
    left join traffic_sources on traffic_sources.source = arrivals.source
),

arrival_values as (
    {%- for key in attributes %}
    select arrival_key, '{{ key }}' as attribute, {{ key }} as value from keyed_arrivals
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

rule_patterns as (
    {%- for key in attributes %}
    select priority, channel, '{{ key }}' as attribute, {{ key }} as pattern from channel_rules where {{ key }} <> ''
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

rule_sizes as (
    select priority, count(*) as patterns from rule_patterns group by priority
),

-- Each pattern is tried once on each distinct value, however many arrivals and rules share it.
distinct_values as (
    select distinct attribute, value from arrival_values
),

distinct_patterns as (
    select distinct attribute, pattern from rule_patterns
),

matched_values as (
    select distinct_values.attribute, distinct_values.value, distinct_patterns.pattern
    from distinct_values
    inner join distinct_patterns
        on distinct_patterns.attribute = distinct_values.attribute
        and {{ matches_pattern('distinct_values.value', 'distinct_patterns.pattern') }}
),

matched_rules as (
    select arrival_values.arrival_key, rule_patterns.priority, rule_patterns.channel
    from arrival_values
    inner join matched_values
        on matched_values.attribute = arrival_values.attribute
        and matched_values.value = arrival_values.value
    inner join rule_patterns
        on rule_patterns.attribute = matched_values.attribute
        and rule_patterns.pattern = matched_values.pattern
    inner join rule_sizes on rule_sizes.priority = rule_patterns.priority
    group by arrival_values.arrival_key, rule_patterns.priority, rule_patterns.channel
    having count(*) = max(rule_sizes.patterns)
)

select
    keyed_arrivals.{{ keys | join(', keyed_arrivals.') }},
    coalesce(min_by(matched_rules.channel, matched_rules.priority), 'unassigned') as channel,
    min(matched_rules.priority) as priority
from keyed_arrivals
left join matched_rules on matched_rules.arrival_key = keyed_arrivals.arrival_key
group by keyed_arrivals.{{ keys | join(', keyed_arrivals.') }}
