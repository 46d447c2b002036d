with

kpi_periods as (
    select * from {{ ref('int_kpi_periods') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

valid_orders as (
    select
        order_month,
        order_date,
        net_revenue,
        -- A shop that lands no lines sells orders: one item each.
        coalesce(units, 1) as items,
        nullif(customer_id, 'unknown') as customer_id
    from orders_valued
    where is_valid
),

-- Nobody knows whether orders of nobody known are one customer's: each counts as a customer of its own.
period_sales as (
    select
        kpi_periods.month,
        kpi_periods.is_month,
        count(*) as orders,
        count(distinct valid_orders.customer_id) as buyers,
        count(*) - count(valid_orders.customer_id) as unknown_orders,
        cast(sum(valid_orders.items) as decimal(18, 3)) as items,
        {{ money('sum(valid_orders.net_revenue)') }} as net_revenue
    from kpi_periods
    inner join valid_orders
        on valid_orders.order_month = kpi_periods.month
        and valid_orders.order_date <= kpi_periods.last_date
    group by kpi_periods.month, kpi_periods.is_month
)

select
    kpi_periods.month,
    kpi_periods.is_month,
    {%- for column in ['orders', 'buyers', 'unknown_orders', 'items', 'net_revenue'] %}
    {{ zero_if_landed('period_sales.' ~ column, 'inputs_present.has_orders') }} as {{ column }},
    {%- endfor %}
    {{ zero_if_landed(
        'period_sales.buyers + period_sales.unknown_orders', 'inputs_present.has_orders'
    ) }} as customers,
    kpi_periods.is_whole_from_start,
    kpi_periods.is_complete,
    kpi_periods.first_date,
    kpi_periods.last_date
from kpi_periods
cross join inputs_present
left join period_sales
    on period_sales.month = kpi_periods.month
    and period_sales.is_month = kpi_periods.is_month
