-- The four factors multiply to net revenue. Each has ten significant digits, so the product may differ by a cent or by
-- one part in a thousand million.
with

revenue_tree as (select * from {{ ref('revenue_tree') }})

select *
from revenue_tree
where
    abs(
        cast(customers as double) * orders_per_customer * items_per_order * price_per_item
        - cast(net_revenue as double)
    ) > 0.01 + 0.000000001 * cast(net_revenue as double)
    or (orders > 0 and items > 0 and price_per_item is null)
