with

int_refunds as (select * from {{ ref('int_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

bundle_parts as (select * from {{ ref('int_bundle_parts') }}),

goods_lines as (select * from {{ ref('int_goods_lines') }}),

-- A product that is sold by itself comes before the same product as a part of a bundle.
matched_lines as (
    select
        refunds_converted.refund_id,
        order_line_roots.order_item_id,
        order_line_roots.root_order_item_id,
        order_line_roots.line_type,
        order_line_roots.is_part,
        case
            when int_refunds.order_item_id = order_line_roots.order_item_id then 1
            when refunds_converted.product_id = order_line_roots.product_id and not order_line_roots.is_part then 2
            when refunds_converted.product_id = order_line_roots.product_id then 3
        end as match_rank
    from refunds_converted
    inner join int_refunds on int_refunds.refund_id = refunds_converted.refund_id
    inner join order_line_roots on order_line_roots.order_id = refunds_converted.order_id
),

-- A refund that names neither a line nor a product of its order concerns the whole order.
ranked_lines as (
    select
        refund_id,
        order_item_id,
        root_order_item_id,
        line_type,
        is_part,
        match_rank,
        min(match_rank) over (partition by refund_id) as best_match_rank
    from matched_lines
),

-- What is not goods has no goods to give back, and a part stands for its bundle.
target_lines as (
    select
        ranked_lines.refund_id,
        ranked_lines.root_order_item_id,
        ranked_lines.best_match_rank,
        sum(bundle_parts.quantity) as part_quantity,
        sum(case when ranked_lines.is_part then coalesce(bundle_parts.bundle_share, 0) end) as part_share
    from ranked_lines
    left join bundle_parts on bundle_parts.order_item_id = ranked_lines.order_item_id
    where
        ranked_lines.line_type = 'goods'
        and ranked_lines.match_rank is not distinct from ranked_lines.best_match_rank
        and (ranked_lines.best_match_rank is not null or not ranked_lines.is_part)
    group by ranked_lines.refund_id, ranked_lines.root_order_item_id, ranked_lines.best_match_rank
)

-- Parts that come back without a quantity come back whole.
select
    target_lines.refund_id,
    goods_lines.order_item_id,
    case target_lines.best_match_rank when 1 then 'line' when 2 then 'product' when 3 then 'product' else 'order' end
    as named_by,
    cast(case
        when target_lines.part_share is null then int_refunds.quantity
        else goods_lines.quantity * target_lines.part_share * coalesce({{ exact_share(
            'least(int_refunds.quantity, target_lines.part_quantity)', 'target_lines.part_quantity'
        ) }}, 1)
    end as decimal(18, 3)) as named_quantity
from target_lines
inner join int_refunds on int_refunds.refund_id = target_lines.refund_id
inner join goods_lines on goods_lines.order_item_id = target_lines.root_order_item_id
