-- The four parts add up to the change to the cent, and are known whenever both months have revenue. Otherwise part of
-- the change is unexplained.
with

revenue_tree as (select * from {{ ref('revenue_tree') }})

select *
from revenue_tree
where
    customers_part + orders_per_customer_part + items_per_order_part + price_per_item_part <> net_revenue_change
    or (net_revenue > 0 and previous_net_revenue > 0 and items > 0 and previous_items > 0 and customers_part is null)
    or (customers_part is not null and (previous_net_revenue is null or previous_net_revenue <= 0))
