with

order_items_valued as (select * from {{ ref('int_order_items_valued') }})

-- One line of unknown cost leaves the order's cost and margin unknown; the known lines are the covered amounts.
select
    order_id,
    case when count(*) = count(cost_amount) then {{ money('sum(cost_amount)') }} end as cost_amount,
    case when count(*) = count(gross_margin) then {{ money('sum(gross_margin)') }} end as gross_margin,
    {{ money('coalesce(sum(case when cost_amount is not null then net_revenue end), 0)') }} as covered_net_revenue,
    {{ money('coalesce(sum(gross_margin), 0)') }} as covered_gross_margin
from order_items_valued
group by order_id
