with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

product_views as (select * from {{ ref('int_product_views') }}),

checkouts as (select * from {{ ref('int_checkouts') }}),

searches as (select * from {{ ref('int_searches') }}),

recommendation_impressions as (select * from {{ ref('int_recommendation_impressions') }}),

order_payment_outcomes as (select * from {{ ref('int_order_payment_outcomes') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

page_loads as (
    select
        visit_events.session_id,
        visit_events.device_type,
        visit_events.page_load_ms,
        coalesce(session_outcomes.last_order_at >= visit_events.occurred_at, false) as is_ordered,
        visit_events.is_last_view as is_exit,
        visit_events.session_month
    from visit_events
    inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
    where visit_events.is_page_view and visit_events.page_load_ms >= 0
),

{{ single_exposures() }}

select
    single_exposures.factor,
    friction_levels.level,
    friction_levels.level_number,
    single_exposures.session_id,
    single_exposures.product_id,
    count(*) as exposures,
    count(case when single_exposures.is_next_step then 1 end) as next_steps,
    count(case when single_exposures.is_exit then 1 end) as exits,
    single_exposures.session_month
from single_exposures
inner join friction_levels
    on friction_levels.factor = single_exposures.factor
    and friction_levels.value_from <= single_exposures.value
    and {{ rule_holds('single_exposures.value', '<', 'friction_levels.value_below') }}
group by
    single_exposures.factor,
    friction_levels.level,
    friction_levels.level_number,
    single_exposures.session_id,
    single_exposures.product_id,
    single_exposures.session_month
