with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

churn_thresholds as (select * from {{ ref('int_churn_thresholds') }}),

running_orders as (
    select
        orders_valued.customer_id,
        orders_valued.order_number,
        orders_valued.net_revenue,
        churn_thresholds.recent_orders,
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
    cross join churn_thresholds
    where
        orders_valued.is_valid
        and orders_valued.is_known_customer
),

-- The revenue before the last recent_orders orders is the running total of recent_orders orders ago.
earlier_revenue as (
    select
        later_orders.customer_id,
        later_orders.order_number,
        earlier_orders.revenue_so_far as earlier_net_revenue
    from running_orders as later_orders
    inner join running_orders as earlier_orders
        on earlier_orders.customer_id = later_orders.customer_id
        and earlier_orders.order_number = later_orders.order_number - later_orders.recent_orders
)

-- A state is valid from the day of its order to the day before the next order. If several orders are on one day, the
-- last one counts.
select
    running_orders.customer_id,
    running_orders.order_number,
    running_orders.recent_orders,
    cast(running_orders.revenue_so_far - earlier_revenue.earlier_net_revenue as decimal(28, 2)) as recent_net_revenue,
    cast(earlier_revenue.earlier_net_revenue as decimal(28, 2)) as earlier_net_revenue,
    {{ days_between('running_orders.order_date', 'running_orders.next_order_date') }} as gap_days,
    running_orders.order_date,
    running_orders.next_order_date,
    running_orders.ordered_at
from running_orders
left join earlier_revenue
    on earlier_revenue.customer_id = running_orders.customer_id
    and earlier_revenue.order_number = running_orders.order_number
where
    running_orders.next_order_date is null
    or running_orders.next_order_date > running_orders.order_date
