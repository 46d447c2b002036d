{# A tag of a link (source, medium, campaign) as it is compared: decoded, lower case; null where nothing is left. #}
{% macro source_tag(tag) -%}
    nullif(lower(trim(
        case when contains({{ tag }}, '%') then {{ percent_decoded(percent_decoded(tag)) }} else {{ tag }} end
    )), '')
{%- endmacro %}


{# The attributes of an arrival that channel rules may ask for, in the seed's order of columns. #}
{% macro channel_rule_attributes() -%}
    {{ return(['source', 'source_category', 'medium', 'campaign', 'referrer_host', 'click_id', 'platform']) }}
{%- endmacro %}


{# The attributes by which arrivals are told apart before the category of their source is known. #}
{% macro arrival_attributes() -%}
    {{ return(channel_rule_attributes() | reject('equalto', 'source_category') | list) }}
{%- endmacro %}
