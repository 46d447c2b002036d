with

basket_items as (
    select * from {{ ref('int_basket_items') }}
),

basket_cutoff as (
    select * from {{ ref('int_basket_cutoff') }}
),

items_kept as (
    select * from {{ ref('int_basket_items_kept') }}
),

baskets as (
    select distinct
        level,
        order_id,
        city_tier,
        order_date
    from basket_items
),

capped_baskets as (
    select distinct
        level,
        order_id
    from items_kept
    where frequent_items > {{ var('max_basket_items', 100) }}
),

marked_baskets as (
    select
        baskets.level,
        baskets.city_tier,
        case when capped_baskets.order_id is null then 0 else 1 end as capped,
        case when baskets.order_date < basket_cutoff.cutoff_date then 1 else 0 end as training
    from baskets
    cross join basket_cutoff
    left join capped_baskets
        on capped_baskets.level = baskets.level
        and capped_baskets.order_id = baskets.order_id
)

select
    level,
    case when grouping(city_tier) = 1 then 'all' else city_tier end as city_tier,
    count(*) as baskets,
    cast(sum(capped) as bigint) as capped_baskets,
    cast(sum(training) as bigint) as training_baskets
from marked_baskets
group by grouping sets ((level, city_tier), (level))
