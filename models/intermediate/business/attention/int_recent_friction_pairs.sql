with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

recent_exposures as (
    select
        attention_rules.rule,
        friction_exposures.level,
        friction_exposures.session_id,
        friction_exposures.product_id,
        friction_exposures.exposures,
        friction_exposures.next_steps
    from friction_exposures
    inner join attention_rules
        on attention_rules.watches = friction_exposures.factor
        and attention_rules.kind = 'friction'
    inner join int_sessions on int_sessions.session_id = friction_exposures.session_id
    cross join stg_run_period
    where {{ days_between('int_sessions.session_date', 'stg_run_period.as_of_date') }} < attention_rules.window_days
),

{{ cluster_products('recent_exposures', ['rule'], ['next_steps']) }}
