with

recommendation_profiles as (select * from {{ ref('int_recommendation_profiles') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

int_customers as (select * from {{ ref('int_customers') }}),

eligible_customers as (
    select 'as_of' as scope, customer_id from int_customers where is_known_customer
    union
    select scope, customer_id from recommendation_profiles where scope = 'backtest'
)

select
    eligible_customers.scope,
    eligible_customers.customer_id,
    recommendation_products.product_id
from eligible_customers
inner join recommendation_products on recommendation_products.scope = eligible_customers.scope
cross join recommendation_rules
where recommendation_products.popularity_rank <= recommendation_rules.popular_products
