with recursive

stg_order_items as (select * from {{ ref('stg_order_items') }}),

stg_products as (select * from {{ ref('stg_products') }}),

typed_lines as (
    select
        stg_order_items.order_item_id,
        stg_order_items.order_id,
        stg_order_items.product_id,
        stg_order_items.parent_order_item_id,
        coalesce(
            stg_order_items.line_type, case when stg_products.product_kind = 'gift_card' then 'gift_card' end, 'goods'
        ) as line_type
    from stg_order_items
    left join stg_products on stg_products.product_id = stg_order_items.product_id
    -- A line below 0 is a discount of its order.
    where stg_order_items.unit_price >= 0
),

-- Goods are parts of goods of their own order: any other parent is ignored.
parts as (
    select
        part_lines.order_item_id,
        parent_lines.order_item_id as parent_order_item_id
    from typed_lines as part_lines
    inner join typed_lines as parent_lines
        on parent_lines.order_item_id = part_lines.parent_order_item_id
        and parent_lines.order_id = part_lines.order_id
        and parent_lines.line_type = part_lines.line_type
    where part_lines.line_type = 'goods'
),

-- Parts of parts are followed down from the line that is sold, so that any depth ends. Parents in a circle are never
-- reached: each line of the circle is sold by itself.
bundle_lines (order_item_id, root_order_item_id) as (
    select distinct
        parts.parent_order_item_id as order_item_id,
        parts.parent_order_item_id as root_order_item_id
    from parts
    left join parts as upper_parts on upper_parts.order_item_id = parts.parent_order_item_id
    where upper_parts.order_item_id is null
    union all
    select
        parts.order_item_id,
        bundle_lines.root_order_item_id
    from bundle_lines
    inner join parts on parts.parent_order_item_id = bundle_lines.order_item_id
),

parents as (
    select distinct parent_order_item_id from parts
)

select
    typed_lines.order_item_id,
    typed_lines.order_id,
    typed_lines.product_id,
    coalesce(bundle_lines.root_order_item_id, typed_lines.order_item_id) as root_order_item_id,
    typed_lines.line_type,
    coalesce(bundle_lines.root_order_item_id, typed_lines.order_item_id) <> typed_lines.order_item_id as is_part,
    parents.parent_order_item_id is not null and bundle_lines.order_item_id is not null as has_parts
from typed_lines
left join bundle_lines on bundle_lines.order_item_id = typed_lines.order_item_id
left join parents on parents.parent_order_item_id = typed_lines.order_item_id
