with

products as (select * from {{ ref('int_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

product_shares as (select * from {{ ref('int_product_shares') }}),

product_status_rules as (select * from {{ ref('product_status_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- A product without a sale has been idle since its first day on offer. A product that is not yet on offer has no
-- status.
product_ages as (
    select
        products.product_id,
        product_shares.recent_share_above,
        {{ days_between('products.first_offered_date', 'stg_run_period.as_of_date') }} as age_days,
        {{ days_between(
            'coalesce(product_sales.last_sale_date, products.first_offered_date)', 'stg_run_period.as_of_date'
        ) }} as idle_days
    from products
    cross join stg_run_period
    inner join product_shares on product_shares.product_id = products.product_id
    left join product_sales on product_sales.product_id = products.product_id
    where products.first_offered_date is not null
),

ranked_statuses as (
    select
        product_ages.product_id,
        product_status_rules.product_status,
        product_ages.age_days,
        product_ages.idle_days,
        row_number() over (partition by product_ages.product_id order by product_status_rules.priority) as rule_rank
    from product_ages
    inner join product_status_rules
        on {{ rule_holds('product_ages.idle_days', '>=', 'product_status_rules.idle_days_from') }}
        and {{ rule_holds('product_ages.age_days', '>=', 'product_status_rules.age_days_from') }}
        and {{ rule_holds('product_ages.recent_share_above', '>=', 'product_status_rules.recent_share_above_from') }}
        and {{ rule_holds('product_ages.recent_share_above', '<', 'product_status_rules.recent_share_above_below') }}
)

select
    product_id,
    product_status,
    age_days,
    idle_days
from ranked_statuses
where rule_rank = 1
