with

int_customers as (select * from {{ ref('int_customers') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

lifecycle_stages as (select * from {{ ref('lifecycle_stages') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

order_gaps as (
    select
        orders_valued.customer_id,
        {{ days_between('orders_valued.previous_order_date', 'orders_valued.order_date') }} as gap_days,
        {{ days_between('orders_valued.order_date', 'stg_run_period.as_of_date') }} as days_ago
    from orders_valued
    cross join stg_run_period
    where orders_valued.previous_order_date is not null
),

-- For every stage that requires a return: days since the customer's last order that followed a gap of that length.
returns as (
    select
        order_gaps.customer_id,
        lifecycle_stages.lifecycle_stage,
        min(order_gaps.days_ago) as days_since_return
    from order_gaps
    inner join lifecycle_stages on lifecycle_stages.return_gap_days_above < order_gaps.gap_days
    group by order_gaps.customer_id, lifecycle_stages.lifecycle_stage
),

customer_days as (
    select
        int_customers.customer_id,
        coalesce(customer_orders.orders, 0) as orders,
        customer_orders.days_since_first_order,
        customer_orders.days_since_last_order
    from int_customers
    left join customer_orders on customer_orders.customer_id = int_customers.customer_id
    where int_customers.is_known_customer
)

select
    customer_days.customer_id,
    min_by(lifecycle_stages.lifecycle_stage, lifecycle_stages.priority) as lifecycle_stage
from customer_days
cross join lifecycle_stages
left join returns
    on returns.customer_id = customer_days.customer_id
    and returns.lifecycle_stage = lifecycle_stages.lifecycle_stage
where
    {{ rule_holds('customer_days.orders', '<=', 'lifecycle_stages.orders_to') }}
    and {{ rule_holds('customer_days.days_since_first_order', '<=', 'lifecycle_stages.days_since_first_order_to') }}
    and {{ rule_holds('returns.days_since_return', '<=', 'lifecycle_stages.days_since_return_to') }}
    and {{ rule_holds('customer_days.days_since_last_order', '<=', 'lifecycle_stages.days_since_last_order_to') }}
group by customer_days.customer_id
