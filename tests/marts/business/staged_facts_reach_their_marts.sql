-- Every staged order, line and refund is one row of its mart. A join that loses or repeats a row changes revenue.
{%- set facts = {'orders': 'order_id', 'order_items': 'order_item_id', 'refunds': 'refund_id'} %}
with

{%- for fact, key in facts.items() %}

staged_{{ fact }} as (
    select
        {{ key }} as id,
        count(*) as occurrences
    from {{ ref('stg_' ~ fact) }}
    group by {{ key }}
),

mart_{{ fact }} as (
    select
        {{ key }} as id,
        count(*) as occurrences
    from {{ ref(fact) }}
    group by {{ key }}
){{ "," if not loop.last }}
{%- endfor %}

{%- for fact in facts %}
{{ "union all" if not loop.first }}
select
    '{{ fact }}' as fact,
    coalesce(staged_{{ fact }}.id, mart_{{ fact }}.id) as id
from staged_{{ fact }}
full join mart_{{ fact }} on mart_{{ fact }}.id = staged_{{ fact }}.id
where staged_{{ fact }}.occurrences is distinct from mart_{{ fact }}.occurrences
{%- endfor %}
