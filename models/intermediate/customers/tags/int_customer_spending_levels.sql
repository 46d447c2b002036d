with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

spending_levels as (select * from {{ ref('spending_levels') }}),

-- If refunds exceed payments, the spend counts as 0.
spending as (
    select
        customer_id,
        greatest(monthly_spend, 0) as monthly_spend
    from customer_orders
    where monthly_spend is not null
)

select
    spending.customer_id,
    spending_levels.spending_level,
    spending_levels.label,
    spending_levels.label_zh
from spending
inner join spending_levels
    on spending_levels.spend_from <= spending.monthly_spend
    and {{ rule_holds('spending.monthly_spend', '<', 'spending_levels.spend_below') }}
