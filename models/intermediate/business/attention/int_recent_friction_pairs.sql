with

page_loads as (select * from {{ ref('int_page_loads') }}),

product_views as (select * from {{ ref('int_product_views') }}),

checkouts as (select * from {{ ref('int_checkouts') }}),

searches as (select * from {{ ref('int_searches') }}),

recommendation_impressions as (select * from {{ ref('int_recommendation_impressions') }}),

order_payment_outcomes as (select * from {{ ref('int_order_payment_outcomes') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

{{ friction_exposures('friction_exposures') }},

recent_exposure_counts as (
    select
        attention_rules.rule,
        friction_levels.level,
        friction_exposures.session_id,
        friction_exposures.product_id,
        count(*) as exposures,
        count(case when friction_exposures.is_next_step then 1 end) as next_steps
    from friction_exposures
    inner join attention_rules
        on attention_rules.watches = friction_exposures.factor
        and attention_rules.kind = 'friction'
    inner join friction_levels
        on friction_levels.factor = friction_exposures.factor
        and friction_levels.value_from <= friction_exposures.value
        and {{ rule_holds('friction_exposures.value', '<', 'friction_levels.value_below') }}
    inner join int_sessions on int_sessions.session_id = friction_exposures.session_id
    cross join stg_run_period
    where {{ days_between('int_sessions.session_date', 'stg_run_period.as_of_date') }} < attention_rules.window_days
    group by
        attention_rules.rule,
        friction_levels.level,
        friction_exposures.session_id,
        friction_exposures.product_id
),

{{ cluster_products('recent_exposure_counts', ['rule'], ['next_steps']) }}
