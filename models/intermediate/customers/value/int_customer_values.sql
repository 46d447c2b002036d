with

int_customers as (select * from {{ ref('int_customers') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_formula_values as (select * from {{ ref('int_customer_formula_values') }}),

clv_cutoffs as (select * from {{ ref('int_clv_cutoffs') }}),

clv_predictions as (select * from {{ ref('int_clv_predictions') }}),

customer_margins as (select * from {{ ref('int_customer_margins') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

as_of_predictions as (
    select
        clv_predictions.customer_id,
        clv_predictions.model_status,
        clv_predictions.probability_alive,
        clv_predictions.predicted_orders,
        clv_predictions.predicted_order_value,
        clv_predictions.predicted_clv
    from clv_predictions
    inner join clv_cutoffs on clv_cutoffs.cutoff_date = clv_predictions.cutoff_date
    where clv_cutoffs.is_as_of
)

-- The models are fitted for the whole shop or not at all, so that all values are of one kind.
select
    int_customers.customer_id,
    coalesce(as_of_predictions.model_status, 'no_orders') as model_status,
    case
        when as_of_predictions.model_status = 'fitted' then 'predicted'
        when customer_formula_values.customer_id is not null then 'formula'
    end as clv_basis,
    {{ money(zero_if_landed(
        'customer_orders.net_revenue_after_refunds',
        'inputs_present.has_orders or customer_orders.net_revenue_after_refunds <> 0'
    )) }} as historical_value,
    customer_formula_values.aov,
    customer_formula_values.orders_per_month,
    customer_formula_values.expected_lifespan_months,
    customer_formula_values.formula_clv,
    as_of_predictions.probability_alive,
    as_of_predictions.predicted_orders,
    as_of_predictions.predicted_order_value,
    as_of_predictions.predicted_clv,
    case
        when as_of_predictions.model_status = 'fitted' then as_of_predictions.predicted_clv
        else customer_formula_values.formula_clv
    end as clv,
    {{ money(
        "customer_orders.net_revenue_after_refunds + case when as_of_predictions.model_status = 'fitted'"
        " then as_of_predictions.predicted_clv else customer_formula_values.formula_clv_365d end"
    ) }} as clv_from_acquisition,
    customer_margins.covered_gross_margin,
    customer_margins.covered_net_revenue_after_refunds as covered_revenue
from int_customers
cross join inputs_present
left join customer_orders on customer_orders.customer_id = int_customers.customer_id
left join customer_formula_values on customer_formula_values.customer_id = int_customers.customer_id
left join as_of_predictions on as_of_predictions.customer_id = int_customers.customer_id
left join customer_margins on customer_margins.customer_id = int_customers.customer_id
where int_customers.is_known_customer
