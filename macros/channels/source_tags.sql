{# A tag of a link (source, medium, campaign) for comparison: decoded, in lower case; null if empty. #}
{% macro source_tag(tag) -%}
    nullif(lower(trim(
        case when contains({{ tag }}, '%') then {{ percent_decoded(percent_decoded(tag)) }} else {{ tag }} end
    )), '')
{%- endmacro %}


{# The attributes of an arrival that channel rules match, in the seed's order of columns. #}
{% macro channel_rule_attributes() -%}
    {{ return(['source', 'source_category', 'medium', 'campaign', 'referrer_host', 'click_id', 'platform']) }}
{%- endmacro %}


{# The attributes that identify an arrival before the category of its source is known. #}
{% macro arrival_attributes() -%}
    {{ return(channel_rule_attributes() | reject('equalto', 'source_category') | list) }}
{%- endmacro %}
