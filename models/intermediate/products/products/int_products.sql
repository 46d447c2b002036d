with

stg_products as (
    select * from {{ ref('stg_products') }}
),

product_sales as (
    select * from {{ ref('int_product_sales') }}
),

product_returns as (
    select * from {{ ref('int_product_returns') }}
),

product_traffic as (
    select * from {{ ref('int_product_traffic') }}
),

product_ratings as (
    select * from {{ ref('int_product_ratings') }}
),

stg_inventory_snapshots as (
    select * from {{ ref('stg_inventory_snapshots') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

first_days as (
    select product_id, {{ local_date('listed_at') }} as first_date from stg_products
    union all
    select product_id, first_sale_date as first_date from product_sales
    union all
    select product_id, first_seen_date as first_date from product_traffic
    union all
    select product_id, snapshot_date as first_date from stg_inventory_snapshots
    union all
    select product_id, cast(null as date) as first_date from product_returns
    union all
    select product_id, cast(null as date) as first_date from product_ratings
),

offers as (
    select
        product_id,
        min(first_date) as first_date
    from first_days
    group by product_id
),

-- What nobody dated has been there as long as the shop; what will be listed later is not offered yet.
dated_offers as (
    select
        offers.product_id,
        case
            when coalesce(offers.first_date, run_period.first_date) <= run_period.as_of_date
                then coalesce(offers.first_date, run_period.first_date)
        end as first_offered_date,
        case
            when stg_products.discontinued_at < run_period.as_of_end_at
                then {{ local_date('stg_products.discontinued_at') }}
        end as discontinued_date,
        run_period.as_of_date
    from offers
    cross join run_period
    left join stg_products on stg_products.product_id = offers.product_id
)

-- What was left of a discontinued product may sell on: it is offered until its last sale.
select
    dated_offers.product_id,
    stg_products.product_name,
    coalesce(nullif(stg_products.category, 'all'), 'unknown') as category,
    stg_products.subcategory,
    stg_products.brand,
    dated_offers.discontinued_date is not null as is_discontinued,
    dated_offers.first_offered_date,
    case
        when dated_offers.discontinued_date is null then dated_offers.as_of_date
        else greatest(
            dated_offers.discontinued_date, coalesce(product_sales.last_sale_date, dated_offers.discontinued_date)
        )
    end as last_offered_date
from dated_offers
left join stg_products on stg_products.product_id = dated_offers.product_id
left join product_sales on product_sales.product_id = dated_offers.product_id
