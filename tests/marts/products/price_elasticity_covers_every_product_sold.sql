-- Every product sold at a price has a row, with a slope or the reason for none; a missing product would look as if its
-- price needed no review.
with

price_elasticity as (select * from {{ ref('price_elasticity') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

priced_products as (
    select distinct order_items_valued.product_id
    from order_items_valued
    inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
    where
        orders_valued.is_valid
        and order_items_valued.product_id is not null
        and order_items_valued.quantity > 0
        and order_items_valued.net_revenue > 0
)

select
    coalesce(price_elasticity.product_id, priced_products.product_id) as product_id,
    price_elasticity.model_status,
    price_elasticity.elasticity
from price_elasticity
full outer join priced_products on priced_products.product_id = price_elasticity.product_id
where
    price_elasticity.product_id is null
    or priced_products.product_id is null
    or (price_elasticity.model_status = 'fitted') <> (price_elasticity.elasticity is not null)
    or price_elasticity.elasticity < price_elasticity.elasticity_low
    or price_elasticity.elasticity > price_elasticity.elasticity_high
