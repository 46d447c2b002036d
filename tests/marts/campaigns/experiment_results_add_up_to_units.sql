-- Every unit of a planned experiment must count in one variant or be excluded, and the numerators must hold the orders
-- and revenue of the counted units to the cent. Otherwise lost units or orders could decide the result.
with

experiment_results as (select * from {{ ref('experiment_results') }}),

experiment_units as (select * from {{ ref('int_experiment_units') }}),

results as (
    select
        experiment_id,
        sum(case when metric = 'conversion_rate' then units end) + max(excluded_units) as units,
        sum(case when metric = 'conversion_rate' then assigned_units end) as assigned_units,
        sum(case when metric = 'conversion_rate' then numerator end) as converted,
        sum(case when metric = 'orders_per_unit' then numerator end) as orders,
        sum(case when metric = 'revenue_per_unit' then numerator end) as revenue
    from experiment_results
    group by experiment_id
),

units as (
    select
        experiment_id,
        count(*) as units,
        sum(case when is_in_split then 1 else 0 end) as assigned_units,
        sum(case when not is_excluded then cast(is_converted as integer) end) as converted,
        sum(case when not is_excluded then orders end) as orders,
        sum(case when not is_excluded then revenue end) as revenue
    from experiment_units
    where exclusion_reason is null or exclusion_reason <> 'unknown_experiment'
    group by experiment_id
)

select
    coalesce(results.experiment_id, units.experiment_id) as experiment_id,
    results.units as units_of_results,
    units.units,
    results.revenue as revenue_of_results,
    units.revenue
from results
full outer join units on units.experiment_id = results.experiment_id
where
    coalesce(results.units, 0) <> coalesce(units.units, 0)
    or coalesce(results.assigned_units, 0) <> coalesce(units.assigned_units, 0)
    or coalesce(results.converted, 0) <> coalesce(units.converted, 0)
    or coalesce(results.orders, 0) <> coalesce(units.orders, 0)
    or coalesce(results.revenue, 0) <> coalesce(units.revenue, 0)
