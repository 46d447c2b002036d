-- Each basket belongs to exactly one city tier; otherwise a tier would be offered bundles from wrong counts.
with

basket_counts as (select * from {{ ref('int_basket_counts') }}),

basket_totals as (
    select
        level,
        sum(case when city_tier = 'all' then baskets else 0 end) as all_baskets,
        sum(case when city_tier = 'all' then 0 else baskets end) as tier_baskets,
        sum(case when city_tier = 'all' then capped_baskets else -capped_baskets end) as capped_difference
    from basket_counts
    group by level
)

select
    level,
    all_baskets,
    tier_baskets,
    capped_difference
from basket_totals
where
    all_baskets <> tier_baskets
    or capped_difference <> 0
