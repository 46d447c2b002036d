with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

exposure_counts as (
    select
        friction_exposures.factor,
        friction_levels.level,
        friction_exposures.session_id,
        friction_exposures.product_id,
        count(*) as exposures,
        count(case when friction_exposures.is_next_step then 1 end) as next_steps,
        count(case when friction_exposures.is_exit then 1 end) as exits,
        friction_exposures.session_month as month
    from friction_exposures
    inner join friction_levels
        on friction_levels.factor = friction_exposures.factor
        and friction_levels.value_from <= friction_exposures.value
        and {{ rule_holds('friction_exposures.value', '<', 'friction_levels.value_below') }}
    group by
        friction_exposures.factor,
        friction_levels.level,
        friction_exposures.session_id,
        friction_exposures.product_id,
        friction_exposures.session_month
),

{{ cluster_products('exposure_counts', ['factor', 'month'], ['next_steps', 'exits']) }}
