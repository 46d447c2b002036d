with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
),

customer_orders as (
    select
        orders_valued.customer_id,
        orders_valued.order_number,
        orders_valued.net_revenue,
        thresholds.recent_orders,
        sum(orders_valued.net_revenue) over (
            partition by orders_valued.customer_id order by orders_valued.order_number
            rows between unbounded preceding and current row
        ) as revenue_so_far,
        lead(orders_valued.order_date) over (
            partition by orders_valued.customer_id order by orders_valued.order_number
        ) as next_order_date,
        orders_valued.order_date,
        orders_valued.ordered_at
    from orders_valued
    cross join thresholds
    where
        orders_valued.is_valid
        and orders_valued.customer_id <> 'unknown'
),

-- What all orders but the last few brought: the running total that many orders ago.
earlier_revenue as (
    select
        later.customer_id,
        later.order_number,
        earlier.revenue_so_far as earlier_net_revenue
    from customer_orders as later
    inner join customer_orders as earlier
        on earlier.customer_id = later.customer_id
        and earlier.order_number = later.order_number - later.recent_orders
)

-- A state holds from its order's day to the day before the next order; of orders of one day the last one's counts.
select
    customer_orders.customer_id,
    customer_orders.order_number,
    customer_orders.recent_orders,
    cast(customer_orders.revenue_so_far - earlier_revenue.earlier_net_revenue as decimal(28, 2)) as recent_net_revenue,
    cast(earlier_revenue.earlier_net_revenue as decimal(28, 2)) as earlier_net_revenue,
    customer_orders.order_date,
    customer_orders.next_order_date,
    customer_orders.ordered_at
from customer_orders
left join earlier_revenue
    on earlier_revenue.customer_id = customer_orders.customer_id
    and earlier_revenue.order_number = customer_orders.order_number
where
    customer_orders.next_order_date is null
    or customer_orders.next_order_date > customer_orders.order_date
