with

order_categories as (
    select * from {{ ref('int_order_categories') }}
),

order_circumstances as (
    select * from {{ ref('int_order_circumstances') }}
)

select
    order_categories.category,
    count(*) as orders,
    {{ money('sum(order_categories.net_revenue)') }} as net_revenue,
    order_circumstances.order_date as date
from order_categories
inner join order_circumstances on order_circumstances.order_id = order_categories.order_id
group by order_categories.category, order_circumstances.order_date
