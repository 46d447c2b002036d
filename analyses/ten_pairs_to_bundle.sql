-- Which ten pairs of products should be sold as a bundle? Pairs on sale that are bought together more often than
-- chance explains (lift_low above 1), ranked by the orders that a bundle could still win: orders with only one of the
-- two, times the smaller of the two confidences. `price_of_both` is the list price of the pair, `margin_of_both` the
-- most that a discount can cost. A pair with few `orders_with_one` is mostly bought together already and needs no
-- bundle. Use `--limit 10` to see all ten.
with

product_affinity as (select * from {{ ref('product_affinity') }}),

stg_products as (select * from {{ ref('stg_products') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

products_on_sale as (
    select
        stg_products.product_id,
        stg_products.category,
        stg_products.list_price,
        stg_products.unit_cost
    from stg_products
    cross join stg_run_period
    where coalesce(stg_products.discontinued_at >= stg_run_period.as_of_end_at, true)
),

pairs_on_sale as (
    select
        product_affinity.product_a,
        product_affinity.product_b,
        product_affinity.product_a_name,
        product_affinity.product_b_name,
        products_a.category as category_a,
        products_b.category as category_b,
        product_affinity.orders_together,
        product_affinity.orders_a + product_affinity.orders_b - 2 * product_affinity.orders_together
        as orders_with_one,
        product_affinity.lift,
        product_affinity.lift_low,
        products_a.list_price + products_b.list_price as price_of_both,
        products_a.list_price + products_b.list_price - products_a.unit_cost - products_b.unit_cost as margin_of_both,
        least(product_affinity.confidence_a_to_b, product_affinity.confidence_b_to_a) as smaller_confidence
    from product_affinity
    inner join products_on_sale as products_a on products_a.product_id = product_affinity.product_a
    inner join products_on_sale as products_b on products_b.product_id = product_affinity.product_b
    where
        product_affinity.level = 'product'
        and product_affinity.lift_low > 1
),

ranked_pairs as (
    select
        product_a_name,
        product_b_name,
        category_a,
        category_b,
        orders_together,
        orders_with_one,
        lift,
        lift_low,
        price_of_both,
        margin_of_both,
        {{ rounded_double('orders_with_one * smaller_confidence') }} as orders_to_win,
        row_number() over (
            order by orders_with_one * smaller_confidence desc, product_a, product_b
        ) as bundle_rank
    from pairs_on_sale
)

select
    bundle_rank,
    product_a_name,
    product_b_name,
    category_a,
    category_b,
    orders_together,
    orders_with_one,
    lift,
    lift_low,
    cast(price_of_both as decimal(18, 2)) as price_of_both,
    cast(margin_of_both as decimal(18, 2)) as margin_of_both,
    orders_to_win
from ranked_pairs
where bundle_rank <= 10
order by bundle_rank
