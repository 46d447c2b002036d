{# A tag of a link (source, medium, campaign) for comparison: decoded, in lower case; null if empty. #}
{% macro source_tag(tag) -%}
    nullif(lower(trim(
        case when contains({{ tag }}, '%') then {{ percent_decoded(percent_decoded(tag)) }} else {{ tag }} end
    )), '')
{%- endmacro %}


{# Whether tags are only what tools fill in themselves: organic, referral from a host, direct; or none at all. #}
{% macro says_nothing(tags, click_source) -%}
    {%- set nothing = "in ('direct', '(direct)', 'none', '(none)', '(not set)')" -%}
    (
        coalesce(
            {{ tags }}.campaign in ('organic', '(organic)', 'referral', '(referral)')
            or {{ tags }}.campaign {{ nothing }},
            true
        )
        and case
            when {{ tags }}.medium = 'organic' then true
            when {{ tags }}.medium = 'referral'
                then coalesce(contains({{ tags }}.source, '.') or {{ tags }}.source = {{ click_source }}, true)
            else
                coalesce({{ tags }}.source, 'none') {{ nothing }}
                and coalesce({{ tags }}.medium, 'none') {{ nothing }}
        end
    )
{%- endmacro %}


{# The attributes of an arrival that channel rules match, in the seed's order of columns. #}
{% macro channel_rule_attributes() -%}
    {{ return(['source', 'source_category', 'medium', 'campaign', 'referrer_host', 'click_id', 'platform']) }}
{%- endmacro %}


{# The attributes that identify an arrival before the category of its source is known. #}
{% macro arrival_attributes() -%}
    {{ return(channel_rule_attributes() | reject('equalto', 'source_category') | list) }}
{%- endmacro %}
