with

int_refunds as (select * from {{ ref('int_refunds') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

stg_products as (select * from {{ ref('stg_products') }}),

named_lines as (
    select
        int_refunds.refund_id,
        order_line_roots.line_type,
        case when int_refunds.order_item_id = order_line_roots.order_item_id then 1 else 2 end as match_rank
    from int_refunds
    inner join order_line_roots on order_line_roots.order_id = int_refunds.order_id
    where
        int_refunds.order_item_id = order_line_roots.order_item_id
        or int_refunds.product_id = order_line_roots.product_id
    union all
    -- A credit note names no order.
    select
        int_refunds.refund_id,
        case when stg_products.product_kind = 'gift_card' then 'gift_card' else 'goods' end as line_type,
        3 as match_rank
    from int_refunds
    inner join stg_products on stg_products.product_id = int_refunds.product_id
    where int_refunds.order_id is null
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
