{%- set valued = [
    'gmv', 'gross_amount', 'item_discount_amount', 'order_discount_amount', 'net_revenue', 'goods_refund_amount',
    'net_revenue_after_refunds'
] -%}
with

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

orders as (select * from {{ ref('orders') }}),

stg_products as (select * from {{ ref('stg_products') }})

-- Lines that are not goods, and parts of a bundle, have no units and no goods amounts: a part's are its bundle's.
select
    order_line_roots.order_item_id,
    order_line_roots.order_id,
    order_line_roots.product_id,
    case when order_line_roots.is_part then order_line_roots.root_order_item_id end as bundle_order_item_id,
    orders.customer_id,
    orders.promotion_code,
    order_line_roots.line_type,
    stg_products.product_name,
    stg_products.category,
    stg_products.subcategory,
    stg_products.brand,
    orders.channel,
    orders.sales_channel,
    orders.invalid_reason,
    orders.order_number,
    order_lines_converted.quantity as landed_quantity,
    {%- for column in ['quantity', 'returned_quantity', 'kept_quantity'] %}
    cast(coalesce(order_items_valued.{{ column }}, 0) as decimal(18, 3)) as {{ column }},
    {%- endfor %}
    order_lines_converted.unit_price,
    order_lines_converted.list_price,
    {%- for column in valued %}
    {{ money('coalesce(order_items_valued.' ~ column ~ ', 0)') }} as {{ column }},
    {%- endfor %}
    {%- for column in ['cost_amount', 'gross_margin'] %}
    case
        when order_items_valued.order_item_id is null then cast(0 as decimal(18, 2))
        else order_items_valued.{{ column }}
    end as {{ column }},
    {%- endfor %}
    case
        when order_line_roots.line_type = 'goods' then cast(0 as decimal(18, 2))
        else order_lines_converted.line_value
    end as other_charges_amount,
    orders.is_known_customer,
    orders.is_placed,
    orders.is_valid,
    orders.is_first_order,
    order_items_valued.order_item_id is not null as is_sold_goods,
    order_lines_converted.is_item_discount_capped,
    orders.order_date,
    orders.order_month,
    orders.ordered_at
from order_line_roots
inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
inner join orders on orders.order_id = order_line_roots.order_id
left join order_items_valued on order_items_valued.order_item_id = order_line_roots.order_item_id
left join stg_products on stg_products.product_id = order_line_roots.product_id
