with

customer_values as (select * from {{ ref('int_customer_values') }}),

customer_value_tiers as (select * from {{ ref('int_customer_value_tiers') }}),

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

acquisition_costs as (select * from {{ ref('int_acquisition_costs') }}),

-- A customer's cost is the mean over all customers of the same month and channel.
customer_costs as (
    select
        customer_acquisitions.customer_id,
        customer_acquisitions.acquisition_channel,
        acquisition_costs.cac
    from customer_acquisitions
    inner join acquisition_costs
        on acquisition_costs.month = customer_acquisitions.acquisition_month
        and acquisition_costs.acquisition_channel = customer_acquisitions.acquisition_channel
)

select
    customer_values.customer_id,
    customer_costs.acquisition_channel,
    customer_values.model_status,
    customer_values.clv_basis,
    customer_value_tiers.value_tier,
    customer_values.historical_value,
    customer_values.aov,
    customer_values.orders_per_month,
    customer_values.expected_lifespan_months,
    customer_values.formula_clv,
    customer_values.probability_alive,
    customer_values.predicted_orders as predicted_orders_365d,
    customer_values.predicted_order_value,
    customer_values.predicted_clv as predicted_clv_365d,
    customer_values.clv,
    customer_values.clv_from_acquisition,
    customer_value_tiers.value_share_above,
    customer_costs.cac as acquisition_cost,
    {{ rounded_ratio('customer_values.covered_gross_margin', 'customer_values.covered_revenue') }} as margin_rate,
    {{ clv_to_cac('customer_values', 'customer_costs.cac') }} as clv_to_cac
from customer_values
inner join customer_value_tiers on customer_value_tiers.customer_id = customer_values.customer_id
left join customer_costs on customer_costs.customer_id = customer_values.customer_id
