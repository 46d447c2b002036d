{#- What the evidence of a kind speaks of beside its figure and what is usual. -#}
{%- set kinds = {
    'moved_findings': [],
    'friction_findings': [],
    'stock_findings': ['days'],
    'lapsing_findings': ['action', 'action_zh'],
    'channel_findings': ['spend'],
} -%}
with
{% for kind in kinds %}
{{ kind }} as (
    select * from {{ ref('int_' ~ kind) }}
){{ "," if not loop.last }}
{% endfor %}
{%- for kind, more in kinds.items() %}
select
    rule,
    subject,
    label,
    label_zh,
    figure,
    usual,
    {%- for column in ['days', 'spend', 'action', 'action_zh'] %}
    {{ column if column in more else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ column }},
    {%- endfor %}
    value_at_stake
from {{ kind }}
{{ "union all" if not loop.last }}
{%- endfor %}
