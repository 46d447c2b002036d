{%- set has_units = 'inputs_present.has_experiment_assignments' -%}
{%- set sums = ['orders', 'orders_squared', 'revenue', 'revenue_squared'] -%}
with

stg_experiment_variants as (select * from {{ ref('stg_experiment_variants') }}),

experiments as (select * from {{ ref('int_experiments') }}),

experiment_units as (select * from {{ ref('int_experiment_units') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- Squares are exact decimals, so that a variance does not depend on the order of units.
counted_units as (
    select
        experiment_id,
        variant,
        case when is_in_split then 1 else 0 end as in_split,
        case when is_excluded then 0 else 1 end as counted,
        case when is_converted and not is_excluded then 1 else 0 end as converted,
        case when not is_excluded then orders end as orders,
        case when not is_excluded then orders * orders end as orders_squared,
        case when not is_excluded then revenue end as revenue,
        case when not is_excluded then cast(revenue as decimal(18, 2)) * cast(revenue as decimal(18, 2)) end
        as revenue_squared
    from experiment_units
),

arm_sums as (
    select
        experiment_id,
        variant,
        cast(sum(in_split) as bigint) as assigned_units,
        cast(sum(counted) as bigint) as units,
        cast(sum(converted) as bigint) as buyers,
        {%- for column in sums %}
        sum({{ column }}) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from counted_units
    group by experiment_id, variant
),

-- Every planned variant is an arm, even without units.
planned_arms as (
    select
        stg_experiment_variants.experiment_id,
        stg_experiment_variants.variant,
        stg_experiment_variants.planned_share,
        {{ zero_if_landed('arm_sums.assigned_units', has_units) }} as assigned_units,
        {{ zero_if_landed('arm_sums.units', has_units) }} as units,
        arm_sums.buyers,
        {%- for column in sums %}
        arm_sums.{{ column }},
        {%- endfor %}
        stg_experiment_variants.is_control,
        {{ has_units }} and inputs_present.has_orders and experiments.unit_type is not null as has_outcome
    from stg_experiment_variants
    cross join inputs_present
    inner join experiments on experiments.experiment_id = stg_experiment_variants.experiment_id
    left join arm_sums
        on arm_sums.experiment_id = stg_experiment_variants.experiment_id
        and arm_sums.variant = stg_experiment_variants.variant
)

select
    experiment_id,
    variant,
    planned_share,
    assigned_units,
    units,
    {{ zero_if_landed('buyers', 'has_outcome') }} as buyers,
    cast({{ zero_if_landed('orders', 'has_outcome') }} as decimal(24, 2)) as orders,
    cast({{ zero_if_landed('orders_squared', 'has_outcome') }} as decimal(38, 4)) as orders_squared,
    cast({{ zero_if_landed('revenue', 'has_outcome') }} as decimal(24, 2)) as revenue,
    cast({{ zero_if_landed('revenue_squared', 'has_outcome') }} as decimal(38, 4)) as revenue_squared,
    is_control
from planned_arms
