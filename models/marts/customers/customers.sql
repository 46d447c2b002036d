{%- set has_orders = 'inputs_present.has_orders' -%}
with

int_customers as (select * from {{ ref('int_customers') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_tastes as (select * from {{ ref('int_customer_tastes') }}),

customer_habits as (select * from {{ ref('int_customer_habits') }}),

customer_classes as (select * from {{ ref('int_customer_classes') }}),

customer_value_tiers as (select * from {{ ref('int_customer_value_tiers') }}),

as_of_churn_scores as (
    select * from {{ ref('int_churn_scores') }} where is_as_of
),

people_shopper_types as (select * from {{ ref('int_people_shopper_types') }}),

customer_rfm as (select * from {{ ref('customer_rfm') }}),

acquisition_channels as (select * from {{ ref('int_acquisition_channels') }})

select
    int_customers.customer_id,
    int_customers.gender,
    customer_classes.age_band,
    int_customers.country,
    int_customers.region,
    int_customers.city,
    int_customers.city_tier,
    int_customers.customer_type,
    int_customers.occupation,
    int_customers.member_level,
    customer_habits.primary_device,
    customer_habits.primary_platform,
    customer_habits.active_hour_band,
    acquisition_channels.acquisition_channel,
    acquisition_channels.acquisition_basis,
    customer_classes.lifecycle_stage,
    -- `unknown` stands for many people, so it counts in revenue but has no tier.
    case when int_customers.is_known_customer then coalesce(customer_rfm.customer_tier, 'none') end as customer_tier,
    customer_value_tiers.value_tier,
    customer_rfm.rfm_segment,
    customer_classes.frequency_band,
    as_of_churn_scores.churn_risk,
    people_shopper_types.shopper_type,
    customer_tastes.top_category,
    customer_tastes.top_brand,
    int_customers.accounts,
    customer_classes.age,
    {{ zero_if_landed('customer_orders.orders', has_orders) }} as orders,
    case
        when not (inputs_present.has_orders and inputs_present.has_order_items) then null
        when customer_orders.orders > 0 then customer_tastes.distinct_products
        else 0
    end as distinct_products,
    {{ money(zero_if_landed('customer_orders.net_revenue', has_orders)) }} as net_revenue,
    {{ money(zero_if_landed('customer_orders.goods_refund_amount', has_orders)) }} as goods_refund_amount,
    {{ money('coalesce(customer_orders.credit_note_amount, 0)') }} as credit_note_amount,
    {{ money(zero_if_landed('customer_orders.net_revenue_after_refunds', has_orders)) }} as net_revenue_after_refunds,
    customer_orders.aov,
    customer_orders.monthly_spend,
    customer_orders.order_span_days,
    customer_orders.mean_order_gap_days,
    customer_classes.window_orders,
    customer_classes.window_months,
    customer_classes.orders_per_month,
    int_customers.is_visitor,
    int_customers.is_known_customer,
    customer_orders.first_order_date,
    customer_orders.last_order_date,
    int_customers.registered_at
from int_customers
cross join inputs_present
left join customer_orders on customer_orders.customer_id = int_customers.customer_id
left join customer_tastes on customer_tastes.customer_id = int_customers.customer_id
left join customer_habits on customer_habits.customer_id = int_customers.customer_id
left join customer_classes on customer_classes.customer_id = int_customers.customer_id
left join customer_value_tiers on customer_value_tiers.customer_id = int_customers.customer_id
left join as_of_churn_scores on as_of_churn_scores.customer_id = int_customers.customer_id
left join people_shopper_types on people_shopper_types.person_id = int_customers.customer_id
left join customer_rfm on customer_rfm.customer_id = int_customers.customer_id
left join acquisition_channels on acquisition_channels.customer_id = int_customers.customer_id
