-- Every staged order, line and refund is one row of its mart (a line below 0 is a discount of its order; refunds that a
-- status implies are added). A join that loses or repeats a row changes revenue.
{%- set facts = {
    'order': ('order_id', ref('stg_orders'), ref('orders'), 'true', 'true'),
    'order_item': ('order_item_id', ref('stg_order_items'), ref('order_items'), 'unit_price >= 0', 'true'),
    'refund': ('refund_id', ref('stg_refunds'), ref('refunds'), 'true', 'not is_refund_implied'),
} %}
with

{%- for fact, (key, staged, mart, condition, mart_condition) in facts.items() %}

staged_{{ fact }}s as (
    select
        {{ key }} as id,
        count(*) as occurrences
    from {{ staged }}
    where {{ condition }}
    group by {{ key }}
),

mart_{{ fact }}s as (
    select
        {{ key }} as id,
        count(*) as occurrences
    from {{ mart }}
    where {{ mart_condition }}
    group by {{ key }}
){{ "," if not loop.last }}
{%- endfor %}

{%- for fact in facts %}
{{ "union all" if not loop.first }}
select
    '{{ fact }}' as fact,
    coalesce(staged_{{ fact }}s.id, mart_{{ fact }}s.id) as id
from staged_{{ fact }}s
full join mart_{{ fact }}s on mart_{{ fact }}s.id = staged_{{ fact }}s.id
where staged_{{ fact }}s.occurrences is distinct from mart_{{ fact }}s.occurrences
{%- endfor %}
