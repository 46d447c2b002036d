with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

monthly_exposures as (
    select
        factor, level, session_id, product_id, exposures, next_steps, exits, session_month as month
    from friction_exposures
),

{{ cluster_products('monthly_exposures', ['factor', 'month'], ['next_steps', 'exits']) }}
