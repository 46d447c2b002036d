{%- set returns = ['refund_date', 'order_id', 'named_by', 'named_id'] -%}
with

return_targets as (select * from {{ ref('int_return_targets') }}),

-- Units go to lines by their value, as far as each has units left. Lines without value come last, with equal weights.
lines_to_fill as (
    select
        order_id,
        named_by,
        named_id,
        order_item_id,
        line_value > 0 as has_value,
        quantity_left,
        case when line_value > 0 then line_value else cast(1 as decimal(18, 2)) end as weight,
        case
            when line_value > 0 then landed_quantity
            else greatest(landed_quantity - sum(case when line_value > 0 then quantity_left else 0 end) over returns, 0)
        end as quantity_to_fill,
        coalesce({{ units_for_amount('unsized_amount', 'sum(net_revenue_left) over returns', 'quantity_left') }}, 0)
        as unsized_quantity,
        refund_date
    from return_targets
    window returns as (partition by {{ returns | join(', ') }})
),

-- The line with the fewest units for its weight is full first; lines of the same ratio are filled by their id.
full_lines as (
    select
        order_id,
        named_by,
        named_id,
        order_item_id,
        has_value,
        quantity_left,
        weight,
        unsized_quantity,
        quantity_to_fill,
        (quantity_to_fill + quantity_left - sum(quantity_left) over lines_so_far) * weight
        >= quantity_left * (weight + sum(weight) over all_lines - sum(weight) over lines_so_far) as is_full,
        refund_date
    from lines_to_fill
    window
        all_lines as (partition by {{ returns | join(', ') }}, has_value),
        lines_so_far as (
            partition by {{ returns | join(', ') }}, has_value
            order by quantity_left / weight, order_item_id rows between unbounded preceding and current row
        )
),

partial_lines as (
    select
        order_id,
        named_by,
        named_id,
        order_item_id,
        has_value,
        case when is_full then cast(0 as decimal(18, 2)) else weight end as weight,
        quantity_to_fill - sum(case when is_full then quantity_left else 0 end) over (
            partition by {{ returns | join(', ') }}, has_value
        ) as quantity_to_split,
        refund_date
    from full_lines
),

{{ split_by_largest_remainder(
    name='unit_shares', rows='partial_lines', whole=returns + ['has_value'], part='order_item_id',
    amount='quantity_to_split', weight='weight', result='quantity_share', places=3
) }}

select
    full_lines.order_item_id,
    cast(sum(
        case when full_lines.is_full then full_lines.quantity_left else coalesce(unit_shares.quantity_share, 0) end
        + full_lines.unsized_quantity
    ) as decimal(18, 3)) as returned_quantity,
    full_lines.refund_date = max(full_lines.refund_date) over (partition by full_lines.order_item_id) as is_latest,
    full_lines.refund_date
from full_lines
left join unit_shares
    on unit_shares.order_item_id = full_lines.order_item_id
    and unit_shares.named_by = full_lines.named_by
    and unit_shares.has_value = full_lines.has_value
    and unit_shares.refund_date = full_lines.refund_date
group by full_lines.order_item_id, full_lines.refund_date
