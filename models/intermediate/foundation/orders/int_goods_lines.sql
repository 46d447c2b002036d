with

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

-- A part at price 0 is in the bundle's list price. Costs are those of the lowest parts: a part of parts is their sum.
part_sums as (
    select
        order_line_roots.root_order_item_id,
        sum(case when order_lines_converted.gross_amount > 0 then order_lines_converted.gmv else 0 end) as gmv,
        sum(order_lines_converted.gross_amount) as gross_amount,
        sum(order_lines_converted.item_discount_amount) as item_discount_amount,
        sum(order_lines_converted.line_value) as line_value,
        sum(case when not order_line_roots.has_parts then {{ converted_line(
            'order_lines_converted.quantity', 'order_lines_converted.unit_cost', 'order_lines_converted.cost_rate'
        ) }} end) as cost_amount,
        max(case when order_lines_converted.is_item_discount_capped then 1 else 0 end) as has_capped_discount,
        max(case
            when order_line_roots.has_parts then 0
            when order_lines_converted.unit_cost is null or order_lines_converted.cost_rate is null then 1
            else 0
        end) as has_unknown_cost
    from order_lines_converted
    inner join order_line_roots on order_line_roots.order_item_id = order_lines_converted.order_item_id
    where order_line_roots.is_part
    group by order_line_roots.root_order_item_id
)

-- One part of unknown cost leaves the bundle at its own cost, if that is known.
select
    order_lines_converted.order_item_id,
    order_lines_converted.order_id,
    order_lines_converted.product_id,
    order_lines_converted.quantity,
    order_lines_converted.unit_price,
    order_lines_converted.list_price,
    order_lines_converted.unit_cost,
    order_lines_converted.cost_rate,
    case when part_sums.has_unknown_cost = 0 then {{ money('part_sums.cost_amount') }} end as parts_cost_amount,
    {{ money(
        'greatest(order_lines_converted.gmv, coalesce(part_sums.gmv, 0) '
        ~ '+ case when order_lines_converted.gross_amount > 0 then order_lines_converted.gmv else 0 end)'
    ) }} as gmv,
    {%- for column in ['gross_amount', 'item_discount_amount', 'line_value'] %}
    {{ money('order_lines_converted.' ~ column ~ ' + coalesce(part_sums.' ~ column ~ ', 0)') }} as {{ column }},
    {%- endfor %}
    order_lines_converted.is_item_discount_capped or coalesce(part_sums.has_capped_discount, 0) = 1
    as is_item_discount_capped
from order_lines_converted
inner join order_line_roots on order_line_roots.order_item_id = order_lines_converted.order_item_id
left join part_sums on part_sums.root_order_item_id = order_lines_converted.order_item_id
where order_line_roots.line_type = 'goods' and not order_line_roots.is_part
