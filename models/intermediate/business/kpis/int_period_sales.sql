with

kpi_periods as (select * from {{ ref('int_kpi_periods') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

sold_orders as (
    select
        order_month,
        order_date,
        net_revenue,
        -- Without order lines an order is one item.
        coalesce(units, 1) as items,
        case when is_known_customer then customer_id end as known_customer_id
    from orders_valued
    where is_valid
),

-- Orders of `unknown` may belong to one customer or to many, so each counts as a customer of its own
-- (unknown_orders).
summed_sales as (
    select
        kpi_periods.month,
        kpi_periods.is_month,
        count(*) as orders,
        count(distinct sold_orders.known_customer_id) as buyers,
        count(*) - count(sold_orders.known_customer_id) as unknown_orders,
        cast(sum(sold_orders.items) as decimal(18, 3)) as items,
        {{ money('sum(sold_orders.net_revenue)') }} as net_revenue
    from kpi_periods
    inner join sold_orders
        on sold_orders.order_month = kpi_periods.month
        and sold_orders.order_date <= kpi_periods.last_date
    group by kpi_periods.month, kpi_periods.is_month
)

select
    kpi_periods.month,
    kpi_periods.is_month,
    {%- for column in ['orders', 'buyers', 'unknown_orders', 'items', 'net_revenue'] %}
    {{ zero_if_landed('summed_sales.' ~ column, 'inputs_present.has_orders') }} as {{ column }},
    {%- endfor %}
    {{ zero_if_landed(
        'summed_sales.buyers + summed_sales.unknown_orders', 'inputs_present.has_orders'
    ) }} as customers,
    kpi_periods.is_whole_from_start,
    kpi_periods.is_complete,
    kpi_periods.first_date,
    kpi_periods.last_date
from kpi_periods
cross join inputs_present
left join summed_sales
    on summed_sales.month = kpi_periods.month
    and summed_sales.is_month = kpi_periods.is_month
