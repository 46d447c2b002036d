with

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

stg_products as (select * from {{ ref('stg_products') }}),

lines as (
    select
        orders_valued.customer_id,
        orders_valued.order_id,
        stg_products.category,
        stg_products.brand,
        order_items_valued.net_revenue as spend,
        order_items_valued.gross_amount,
        order_items_valued.item_discount_amount + order_items_valued.order_discount_amount as discount_amount,
        orders_valued.order_date,
        orders_valued.ordered_at
    from order_items_valued
    inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
    inner join stg_products on stg_products.product_id = order_items_valued.product_id
    where
        orders_valued.is_valid
        and orders_valued.is_known_customer
),

preferences as (
    {%- for kind in ['category', 'brand'] %}
    select
        customer_id, order_id, '{{ kind }}' as kind, {{ kind }} as preference, spend, gross_amount, discount_amount,
        order_date, ordered_at
    from lines
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    customer_id,
    kind,
    preference,
    order_id,
    {{ money('sum(spend)') }} as spend,
    {{ money('sum(gross_amount)') }} as gross_amount,
    {{ money('sum(discount_amount)') }} as discount_amount,
    order_date,
    ordered_at
from preferences
where preference is not null
group by customer_id, kind, preference, order_id, order_date, ordered_at
