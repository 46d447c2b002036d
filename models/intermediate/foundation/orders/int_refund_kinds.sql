with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

stg_products as (select * from {{ ref('stg_products') }}),

named_lines as (
    select
        refunds_converted.refund_id,
        order_line_roots.line_type,
        case when stg_refunds.order_item_id = order_line_roots.order_item_id then 1 else 2 end as match_rank
    from refunds_converted
    inner join stg_refunds on stg_refunds.refund_id = refunds_converted.refund_id
    inner join order_line_roots on order_line_roots.order_id = refunds_converted.order_id
    where
        stg_refunds.order_item_id = order_line_roots.order_item_id
        or refunds_converted.product_id = order_line_roots.product_id
    union all
    -- A credit note names no order.
    select
        refunds_converted.refund_id,
        case when stg_products.product_kind = 'gift_card' then 'gift_card' else 'goods' end as line_type,
        3 as match_rank
    from refunds_converted
    inner join stg_products on stg_products.product_id = refunds_converted.product_id
    where refunds_converted.order_id is null
)

-- The line comes before the product, and goods before what else has the same product.
select
    refund_id,
    coalesce(
        max(case when match_rank = 1 then line_type end),
        max(case when line_type = 'goods' then line_type end),
        min(line_type)
    ) as line_type
from named_lines
group by refund_id
