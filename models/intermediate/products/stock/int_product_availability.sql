with

products as (select * from {{ ref('int_products') }}),

stock_outs as (select * from {{ ref('int_stock_outs') }}),

recent_period as (select * from {{ ref('int_recent_period') }}),

recent_offers as (
    select
        products.product_id,
        greatest(products.first_offered_date, recent_period.first_date) as from_date,
        cast({{ dbt.dateadd('day', 1, 'products.last_offered_date') }} as date) as until_date
    from products
    cross join recent_period
    where products.first_offered_date is not null
),

days_out as (
    select
        stock_outs.product_id,
        cast(sum(greatest({{ days_between(
            'greatest(stock_outs.from_date, recent_offers.from_date)',
            'least(stock_outs.until_date, recent_offers.until_date)'
        ) }}, 0)) as bigint) as stock_out_days
    from stock_outs
    inner join recent_offers on recent_offers.product_id = stock_outs.product_id
    group by stock_outs.product_id
)

select
    recent_offers.product_id,
    greatest({{ days_between('recent_offers.from_date', 'recent_offers.until_date') }}, 0) as offered_days,
    coalesce(days_out.stock_out_days, 0) as stock_out_days
from recent_offers
left join days_out on days_out.product_id = recent_offers.product_id
