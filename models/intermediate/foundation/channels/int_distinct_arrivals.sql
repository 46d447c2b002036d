{%- set keys = arrival_attributes() -%}
with

session_arrivals as (
    select * from {{ ref('int_session_arrivals') }}
),

marketing_spend_tagged as (
    select * from {{ ref('int_marketing_spend_tagged') }}
),

signup_sources as (
    select * from {{ ref('int_signup_sources') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources') }}
),

arrivals as (
    select {{ keys | join(', ') }} from session_arrivals
    union
    select source, medium, campaign, '' as referrer_host, '' as click_id, coalesce(platform, '') as platform
    from marketing_spend_tagged
    union
    select source, medium, '(not set)' as campaign, '' as referrer_host, '' as click_id, code as platform
    from signup_sources
)

-- The key is a digest of the attributes, so that it is the same in every run.
select
    md5({% for key in keys %}arrivals.{{ key }}{{ " || chr(10) || " if not loop.last }}{% endfor %}) as arrival_key,
    {%- for key in keys %}
    arrivals.{{ key }},
    {%- endfor %}
    coalesce(traffic_sources.source_category, '') as source_category
from arrivals
left join traffic_sources on traffic_sources.source = arrivals.source
