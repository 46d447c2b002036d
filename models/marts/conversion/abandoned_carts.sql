with

int_abandoned_carts as (select * from {{ ref('int_abandoned_carts') }}),

cart_recoveries as (select * from {{ ref('int_cart_recoveries') }}),

session_funnel_steps as (select * from {{ ref('int_session_funnel_steps') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

cart_rules as (select * from {{ ref('cart_rules') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

deepest_steps as (
    select
        session_id,
        max(step_number) as step_number
    from session_funnel_steps
    where funnel = 'purchase'
    group by session_id
),

-- If a visitor fills the same cart twice, its value is abandoned once: only the latest cart counts in sums.
aged_carts as (
    select
        int_abandoned_carts.session_id,
        int_abandoned_carts.visitor_id,
        int_abandoned_carts.customer_id,
        int_abandoned_carts.channel,
        int_abandoned_carts.device_type,
        int_abandoned_carts.product_ids,
        int_abandoned_carts.products,
        int_abandoned_carts.priced_products,
        int_abandoned_carts.units,
        int_abandoned_carts.value,
        int_abandoned_carts.cart_date,
        int_abandoned_carts.carted_at,
        cart_recoveries.recovering_order_id,
        cart_recoveries.recovered_at,
        {{ days_between('int_abandoned_carts.cart_date', 'stg_run_period.as_of_date') }} as age_days,
        row_number() over (
            partition by int_abandoned_carts.visitor_id
            order by int_abandoned_carts.carted_at desc, int_abandoned_carts.session_id desc
        ) = 1 as is_latest_of_visitor
    from int_abandoned_carts
    cross join stg_run_period
    left join cart_recoveries on cart_recoveries.session_id = int_abandoned_carts.session_id
)

select
    aged_carts.session_id,
    aged_carts.visitor_id,
    aged_carts.customer_id,
    aged_carts.channel,
    aged_carts.device_type,
    aged_carts.product_ids,
    funnel_steps.step_name as last_step,
    aged_carts.recovering_order_id,
    aged_carts.products,
    aged_carts.priced_products,
    aged_carts.units,
    aged_carts.value,
    aged_carts.age_days,
    case
        when inputs_present.has_orders and inputs_present.has_order_items then aged_carts.recovered_at is not null
    end as is_recovered,
    aged_carts.age_days > cart_rules.recovery_days as is_complete,
    aged_carts.is_latest_of_visitor,
    aged_carts.cart_date,
    aged_carts.carted_at,
    aged_carts.recovered_at
from aged_carts
cross join cart_rules
cross join inputs_present
left join deepest_steps on deepest_steps.session_id = aged_carts.session_id
left join funnel_steps
    on funnel_steps.funnel = 'purchase'
    and funnel_steps.step_number = deepest_steps.step_number
