{%- set has_outcome = 'inputs_present.has_orders and experiment_units_classified.unit_type is not null' -%}
with

experiment_units_classified as (select * from {{ ref('int_experiment_units_classified') }}),

experiments as (select * from {{ ref('int_experiments') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- A renewal is no act of a unit in the experiment. Orders of unknown customers belong to no unit, not even to a unit
-- with the id `unknown`.
order_units as (
    select 'customer' as unit_type, customer_id as unit_id, net_revenue, ordered_at
    from orders_valued
    where is_valid and not is_renewal and is_known_customer
    union all
    select 'visitor' as unit_type, visitor_id as unit_id, net_revenue, ordered_at
    from orders_valued
    where is_valid and not is_renewal and visitor_id is not null
),

unit_orders as (
    select
        experiment_units_classified.experiment_id,
        experiment_units_classified.unit_id,
        count(*) as orders,
        sum(order_units.net_revenue) as revenue
    from experiment_units_classified
    inner join experiments on experiments.experiment_id = experiment_units_classified.experiment_id
    inner join order_units
        on order_units.unit_type = experiment_units_classified.unit_type
        and order_units.unit_id = experiment_units_classified.unit_id
        and order_units.ordered_at > experiment_units_classified.assigned_at
        and order_units.ordered_at < experiments.observed_until_at
    group by experiment_units_classified.experiment_id, experiment_units_classified.unit_id
)

select
    experiment_units_classified.experiment_id,
    experiment_units_classified.unit_id,
    experiment_units_classified.unit_type,
    experiment_units_classified.variant,
    experiment_units_classified.exclusion_reason,
    experiment_units_classified.exposures,
    experiment_units_classified.variants_seen,
    {{ zero_if_landed('unit_orders.orders', has_outcome) }} as orders,
    {{ zero_if_landed(money('unit_orders.revenue'), has_outcome) }} as revenue,
    experiment_units_classified.is_in_split,
    experiment_units_classified.exclusion_reason is not null as is_excluded,
    case when {{ has_outcome }} then unit_orders.orders is not null end as is_converted,
    experiment_units_classified.assigned_at
from experiment_units_classified
cross join inputs_present
left join unit_orders
    on unit_orders.experiment_id = experiment_units_classified.experiment_id
    and unit_orders.unit_id = experiment_units_classified.unit_id
