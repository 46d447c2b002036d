with

basket_items as (select * from {{ ref('int_basket_items') }}),

basket_items_kept as (select * from {{ ref('int_basket_items_kept') }}),

order_baskets as (
    select distinct
        level,
        order_id,
        city_tier
    from basket_items
),

capped_baskets as (
    select distinct
        level,
        order_id
    from basket_items_kept
    where frequent_items > {{ var('max_basket_items', 100) }}
),

marked_baskets as (
    select
        order_baskets.level,
        order_baskets.city_tier,
        case when capped_baskets.order_id is null then 0 else 1 end as capped
    from order_baskets
    left join capped_baskets
        on capped_baskets.level = order_baskets.level
        and capped_baskets.order_id = order_baskets.order_id
)

select
    level,
    case when grouping(city_tier) = 1 then 'all' else city_tier end as city_tier,
    count(*) as baskets,
    cast(sum(capped) as bigint) as capped_baskets
from marked_baskets
group by grouping sets ((level, city_tier), (level))
