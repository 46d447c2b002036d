with

order_items as (
    select * from {{ ref('int_order_items_valued') }}
)

select
    order_id,
    count(*) as items,
    cast(sum(quantity) as decimal(18, 3)) as units,
    {{ money('sum(gmv)') }} as gmv,
    {{ money('sum(gross_amount)') }} as gross_amount,
    {{ money('sum(item_discount_amount)') }} as item_discount_amount,
    {{ money('sum(order_discount_amount)') }} as order_discount_amount,
    {{ money('sum(net_revenue)') }} as net_revenue,
    -- One line of unknown cost leaves the order's cost and margin unknown; what the known lines cover stands beside.
    case when count(*) = count(cost_amount) then {{ money('sum(cost_amount)') }} end as cost_amount,
    case when count(*) = count(gross_margin) then {{ money('sum(gross_margin)') }} end as gross_margin,
    {{ money('coalesce(sum(gross_margin), 0)') }} as covered_gross_margin,
    {{ money('coalesce(sum(case when cost_amount is not null then net_revenue end), 0)') }} as covered_net_revenue,
    max(case when is_item_discount_capped then 1 else 0 end) = 1 as is_item_discount_capped
from order_items
group by order_id
