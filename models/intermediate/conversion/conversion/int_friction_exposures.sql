{#- Factor, relation of its exposures, value, next step, exit, and condition under which the exposure counts. -#}
{%- set of_products = ['product_views', 'recommendation_impressions'] -%}
{%- set checkout_promise = 'case when promised_delivery_days is null then 0 else 1 end' -%}
{%- set factors = [
    ('page_load', 'page_loads', 'page_load_ms', 'is_ordered', 'is_exit', 'true'),
    ('mobile_page_load', 'page_loads', 'page_load_ms', 'is_ordered', 'is_exit', "device_type = 'mobile'"),
    ('product_images', 'product_views', 'image_count', 'is_carted', 'is_exit', 'true'),
    ('product_description', 'product_views', 'description_length', 'is_carted', 'is_exit', 'true'),
    ('product_rating', 'product_views', 'rating', 'is_carted', 'is_exit', 'true'),
    ('product_reviews', 'product_views', 'reviews', 'is_carted', 'is_exit', 'true'),
    ('stock', 'product_views', 'on_hand_quantity', 'is_carted', 'is_exit', 'true'),
    ('payment_methods_offered', 'checkouts', 'payment_methods_offered', 'is_ordered', 'is_exit', 'true'),
    ('checkout_steps', 'checkouts', 'steps', 'is_ordered', 'is_exit', 'steps > 0'),
    ('delivery_promise', 'checkouts', checkout_promise, 'is_ordered', 'is_exit', 'promises_are_tracked'),
    ('search_results', 'searches', 'search_result_count', 'is_clicked', 'is_exit', 'true'),
    (
        'off_category_recommendation', 'recommendation_impressions',
        'case when is_off_category then 1 when not is_off_category then 0 end', 'is_carted',
        'not is_carted and not is_followed_by_view', 'true',
    ),
    ('failed_payment', 'order_payment_outcomes', 'failed_attempts', 'is_paid', 'is_exit', 'true'),
] -%}
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

single_exposures as (
    -- Values below 0 count as 0: some shops book oversold stock as a negative quantity.
    {% for factor, relation, value, next_step, exit, condition in factors -%}
    select
        '{{ factor }}' as factor,
        session_id,
        {{ 'product_id' if relation in of_products else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as product_id,
        greatest(cast({{ value }} as decimal(18, 3)), 0) as value,
        {{ next_step }} as is_next_step,
        {{ exit }} as is_exit,
        session_month
    from {{ relation }}
    where
        {{ value }} is not null
        and {{ condition }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)

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
