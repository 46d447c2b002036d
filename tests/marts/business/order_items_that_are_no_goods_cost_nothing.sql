-- A line that sold no goods (shipping, a tip, a gift card, a part of a bundle) has neither cost nor margin; a line that
-- sold goods of known cost has both. Otherwise margins are made of what was not sold.
with

order_items as (select * from {{ ref('order_items') }})

select order_item_id, is_sold_goods, cost_amount, gross_margin
from order_items
where
    (not is_sold_goods and (cost_amount is distinct from 0 or gross_margin is distinct from 0))
    or (is_sold_goods and (cost_amount is null) <> (gross_margin is null))
