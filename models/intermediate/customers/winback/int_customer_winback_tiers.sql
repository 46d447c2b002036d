with

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

winback_tiers as (select * from {{ ref('winback_tiers') }}),

customer_rules as (select * from {{ ref('customer_rules') }}),

last_years as (
    select
        customer_orders.customer_id,
        {{ money('sum(customer_revenue_entries.amount)') }} as last_year_spend
    from customer_orders
    cross join customer_rules
    inner join customer_revenue_entries
        on customer_revenue_entries.customer_id = customer_orders.customer_id
        and customer_revenue_entries.entry_date <= customer_orders.last_order_date
        and customer_revenue_entries.entry_date > {{ dbt.dateadd(
            'day', '-customer_rules.winback_spend_days', 'customer_orders.last_order_date'
        ) }}
    where customer_orders.is_known_customer
    group by customer_orders.customer_id
)

select
    last_years.customer_id,
    min_by(winback_tiers.winback_tier, winback_tiers.priority) as winback_tier,
    last_years.last_year_spend
from last_years
inner join winback_tiers
    on {{ rule_holds('last_years.last_year_spend', '>', 'winback_tiers.spend_above') }}
    and {{ rule_holds('last_years.last_year_spend', '>=', 'winback_tiers.spend_from') }}
group by last_years.customer_id, last_years.last_year_spend
