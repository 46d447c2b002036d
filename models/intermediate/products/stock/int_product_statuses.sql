with

products as (select * from {{ ref('int_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

recent_shares as (select * from {{ ref('int_recent_shares') }}),

stock_outs as (select * from {{ ref('int_stock_outs') }}),

product_status_rules as (select * from {{ ref('product_status_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- A product without a sale has been idle since its first day on offer. A product that is not yet on offer has no
-- status.
idle_products as (
    select
        products.product_id,
        products.first_offered_date,
        coalesce(product_sales.last_sale_date, products.first_offered_date) as idle_since_date
    from products
    left join product_sales on product_sales.product_id = products.product_id
    where products.first_offered_date is not null
),

days_without_stock as (
    select
        idle_products.product_id,
        cast(sum(greatest({{ days_between(
            'greatest(stock_outs.from_date, cast('
            ~ dbt.dateadd('day', 1, 'idle_products.idle_since_date') ~ ' as date))',
            'stock_outs.in_stock_date'
        ) }}, 0)) as bigint) as days
    from idle_products
    inner join stock_outs on stock_outs.product_id = idle_products.product_id
    group by idle_products.product_id
),

product_ages as (
    select
        idle_products.product_id,
        recent_shares.recent_share_above,
        {{ days_between('idle_products.first_offered_date', 'stg_run_period.as_of_date') }} as age_days,
        {{ days_between('idle_products.idle_since_date', 'stg_run_period.as_of_date') }}
        - coalesce(days_without_stock.days, 0) as idle_days
    from idle_products
    cross join stg_run_period
    inner join recent_shares on recent_shares.product_id = idle_products.product_id
    left join days_without_stock on days_without_stock.product_id = idle_products.product_id
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
