with

stg_products as (select * from {{ ref('stg_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

product_traffic as (select * from {{ ref('int_product_traffic') }}),

product_ratings as (select * from {{ ref('int_product_ratings') }}),

stg_inventory_snapshots as (select * from {{ ref('stg_inventory_snapshots') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

first_days as (
    select product_id, {{ local_date('listed_at') }} as first_date from stg_products
    union all
    select product_id, first_sale_date as first_date from product_sales
    union all
    select product_id, first_seen_date as first_date from product_traffic
    union all
    select product_id, snapshot_date as first_date from stg_inventory_snapshots
    union all
    -- The order's lines may not be landed, or the order may not be valid.
    select product_id, cast(null as date) as first_date
    from refunds_valued
    where product_id is not null and coalesce(line_type, 'goods') = 'goods'
    union all
    select product_id, cast(null as date) as first_date from product_ratings
),

product_first_dates as (
    select
        product_id,
        min(first_date) as first_date
    from first_days
    group by product_id
),

-- An undated product counts as on offer from the shop's first day. A product listed after the as-of date is not yet on
-- offer.
offer_periods as (
    select
        product_first_dates.product_id,
        case
            when coalesce(product_first_dates.first_date, stg_run_period.first_date) <= stg_run_period.as_of_date
                then coalesce(product_first_dates.first_date, stg_run_period.first_date)
        end as first_offered_date,
        case
            when stg_products.discontinued_at < stg_run_period.as_of_end_at
                then {{ local_date('stg_products.discontinued_at') }}
        end as discontinued_date,
        stg_run_period.as_of_date
    from product_first_dates
    cross join stg_run_period
    left join stg_products on stg_products.product_id = product_first_dates.product_id
)

-- A gift card is no product, unless it was sold as goods. Remaining stock of a discontinued product may still sell, so
-- it is on offer until its last sale.
select
    offer_periods.product_id,
    stg_products.product_name,
    coalesce(stg_products.category, 'unknown') as category,
    stg_products.subcategory,
    stg_products.brand,
    offer_periods.discontinued_date is not null as is_discontinued,
    offer_periods.first_offered_date,
    case
        when offer_periods.discontinued_date is null then offer_periods.as_of_date
        else greatest(
            offer_periods.discontinued_date, coalesce(product_sales.last_sale_date, offer_periods.discontinued_date)
        )
    end as last_offered_date
from offer_periods
left join stg_products on stg_products.product_id = offer_periods.product_id
left join product_sales on product_sales.product_id = offer_periods.product_id
where stg_products.product_kind is distinct from 'gift_card' or product_sales.product_id is not null
