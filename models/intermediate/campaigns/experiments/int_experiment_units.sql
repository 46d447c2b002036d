{%- set has_outcome = 'inputs_present.has_orders and units_judged.unit_type is not null' -%}
with

units_judged as (
    select * from {{ ref('int_experiment_units_judged') }}
),

experiments as (
    select * from {{ ref('int_experiments') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

-- Orders of nobody known are nobody's, whatever the id of a unit.
order_units as (
    select 'customer' as unit_type, customer_id as unit_id, net_revenue, ordered_at
    from orders_valued
    where is_valid and customer_id <> 'unknown'
    union all
    select 'visitor' as unit_type, visitor_id as unit_id, net_revenue, ordered_at
    from orders_valued
    where is_valid and visitor_id is not null
),

unit_orders as (
    select
        units_judged.experiment_id,
        units_judged.unit_id,
        count(*) as orders,
        sum(order_units.net_revenue) as revenue
    from units_judged
    inner join experiments on experiments.experiment_id = units_judged.experiment_id
    inner join order_units
        on order_units.unit_type = units_judged.unit_type
        and order_units.unit_id = units_judged.unit_id
        and order_units.ordered_at > units_judged.assigned_at
        and order_units.ordered_at < experiments.observed_until_at
    group by units_judged.experiment_id, units_judged.unit_id
)

select
    units_judged.experiment_id,
    units_judged.unit_id,
    units_judged.unit_type,
    units_judged.variant,
    units_judged.exclusion_reason,
    units_judged.exposures,
    units_judged.variants_seen,
    {{ zero_if_landed('unit_orders.orders', has_outcome) }} as orders,
    {{ zero_if_landed(money('unit_orders.revenue'), has_outcome) }} as revenue,
    units_judged.is_dealt,
    units_judged.exclusion_reason is not null as is_excluded,
    case when {{ has_outcome }} then unit_orders.orders is not null end as is_converted,
    units_judged.assigned_at
from units_judged
cross join inputs_present
left join unit_orders
    on unit_orders.experiment_id = units_judged.experiment_id
    and unit_orders.unit_id = units_judged.unit_id
