with

orders_converted as (
    select * from {{ ref('int_orders_converted') }}
),

line_totals as (
    select * from {{ ref('int_order_line_totals') }}
),

order_discounts as (
    select * from {{ ref('int_order_discounts') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

-- A shop that lands no lines at all sells what its orders charge: the total without shipping and tax, from which the
-- discount is off already. Where lines are landed, an order without one sold nothing that is known.
orders_without_lines as (
    select
        orders_converted.order_id,
        orders_converted.discount_amount,
        case
            when not inputs_present.has_order_items
                then orders_converted.total_amount - orders_converted.shipping_amount - orders_converted.tax_amount
        end as charged_amount
    from orders_converted
    cross join inputs_present
    left join line_totals on line_totals.order_id = orders_converted.order_id
    where line_totals.order_id is null
),

charged_orders as (
    select
        order_id,
        case when charged_amount is null then 'none' else 'order_total' end as revenue_basis,
        {{ money('greatest(coalesce(charged_amount, 0), 0)') }} as net_revenue,
        case when charged_amount is null then 0 else discount_amount end as order_discount_amount,
        case when charged_amount is null then discount_amount else 0 end as unapplied_discount_amount
    from orders_without_lines
)

select
    line_totals.order_id,
    'items' as revenue_basis,
    line_totals.items,
    line_totals.units,
    line_totals.gmv,
    line_totals.gross_amount,
    line_totals.item_discount_amount,
    line_totals.order_discount_amount,
    order_discounts.unapplied_discount_amount,
    line_totals.net_revenue,
    line_totals.cost_amount,
    line_totals.gross_margin,
    line_totals.covered_gross_margin,
    line_totals.covered_net_revenue,
    line_totals.is_item_discount_capped or order_discounts.is_discount_capped as is_discount_capped,
    order_discounts.is_discount_unapplied
from line_totals
inner join order_discounts on order_discounts.order_id = line_totals.order_id
union all
select
    charged_orders.order_id,
    charged_orders.revenue_basis,
    case when inputs_present.has_order_items then cast(0 as bigint) end as items,
    case when inputs_present.has_order_items then cast(0 as decimal(18, 3)) end as units,
    {{ money('charged_orders.net_revenue + charged_orders.order_discount_amount') }} as gmv,
    {{ money('charged_orders.net_revenue + charged_orders.order_discount_amount') }} as gross_amount,
    cast(0 as decimal(18, 2)) as item_discount_amount,
    charged_orders.order_discount_amount,
    charged_orders.unapplied_discount_amount,
    charged_orders.net_revenue,
    cast(null as decimal(18, 2)) as cost_amount,
    cast(null as decimal(18, 2)) as gross_margin,
    cast(0 as decimal(18, 2)) as covered_gross_margin,
    cast(0 as decimal(18, 2)) as covered_net_revenue,
    false as is_discount_capped,
    charged_orders.unapplied_discount_amount > 0 as is_discount_unapplied
from charged_orders
cross join inputs_present
