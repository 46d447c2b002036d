-- Factors that do not multiply to net revenue explain another shop. Ten digits of each leave a cent, or a thousand
-- millionth.
with

revenue_tree as (
    select * from {{ ref('revenue_tree') }}
)

select *
from revenue_tree
where
    abs(
        cast(customers as double) * orders_per_customer * items_per_order * price_per_item
        - cast(net_revenue as double)
    ) > 0.01 + 0.000000001 * cast(net_revenue as double)
    or (orders > 0 and items > 0 and price_per_item is null)
