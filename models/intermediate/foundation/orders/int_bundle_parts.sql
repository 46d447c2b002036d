with

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

lowest_parts as (
    select
        order_line_roots.order_item_id,
        order_line_roots.root_order_item_id,
        order_lines_converted.quantity,
        {{ converted_line(
            'order_lines_converted.quantity', 'order_lines_converted.unit_cost', 'order_lines_converted.cost_rate'
        ) }} as cost_amount
    from order_line_roots
    inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
    where order_line_roots.is_part and not order_line_roots.has_parts
),

bundles as (
    select
        root_order_item_id,
        sum(quantity) as quantity,
        case when count(*) = count(cost_amount) then nullif(sum(cost_amount), 0) end as cost_amount
    from lowest_parts
    group by root_order_item_id
)

-- By cost, so that a part that comes back takes its own cost with it; by quantity where a cost is unknown.
select
    lowest_parts.order_item_id,
    lowest_parts.root_order_item_id,
    lowest_parts.quantity,
    coalesce(
        {{ exact_share('lowest_parts.cost_amount', 'bundles.cost_amount') }},
        {{ exact_share('lowest_parts.quantity', 'bundles.quantity') }}
    ) as bundle_share
from lowest_parts
inner join bundles on bundles.root_order_item_id = lowest_parts.root_order_item_id
