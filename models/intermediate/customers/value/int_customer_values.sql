with

customers as (
    select * from {{ ref('int_customers') }}
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

formula_values as (
    select * from {{ ref('int_customer_formula_values') }}
),

clv_cutoffs as (
    select * from {{ ref('int_clv_cutoffs') }}
),

clv_predictions as (
    select * from {{ ref('int_clv_predictions') }}
),

customer_margins as (
    select * from {{ ref('int_customer_margins') }}
),

present_predictions as (
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

-- A model fits the whole shop or nobody, so that values are of one kind. The prediction is after refunds, the formula
-- before them, and the revenue that margin is a share of with them.
select
    customers.customer_id,
    coalesce(present_predictions.model_status, 'no_orders') as model_status,
    case
        when present_predictions.model_status = 'fitted' then 'predicted'
        when formula_values.customer_id is not null then 'formula'
    end as clv_basis,
    {{ money('coalesce(customer_orders.net_revenue_after_refunds, 0)') }} as historical_value,
    formula_values.aov,
    formula_values.orders_per_month,
    formula_values.expected_lifespan_months,
    formula_values.formula_clv,
    present_predictions.probability_alive,
    present_predictions.predicted_orders,
    present_predictions.predicted_order_value,
    present_predictions.predicted_clv,
    case
        when present_predictions.model_status = 'fitted' then present_predictions.predicted_clv
        else formula_values.formula_clv
    end as clv,
    customer_margins.covered_gross_margin,
    case
        when present_predictions.model_status = 'fitted' then customer_margins.covered_net_revenue_after_refunds
        else customer_margins.covered_net_revenue
    end as covered_revenue
from customers
left join customer_orders on customer_orders.customer_id = customers.customer_id
left join formula_values on formula_values.customer_id = customers.customer_id
left join present_predictions on present_predictions.customer_id = customers.customer_id
left join customer_margins on customer_margins.customer_id = customers.customer_id
where customers.is_known_customer
