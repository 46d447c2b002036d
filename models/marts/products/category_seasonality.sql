with

season_indices as (select * from {{ ref('int_season_indices') }}),

season_scenes as (select * from {{ ref('int_season_scenes') }}),

calendar_occasions as (select * from {{ ref('calendar_occasions') }}),

-- The seasons of the shop: its categories add up to its revenue.
shop_seasons as (
    select
        season_type,
        season,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('sum(all_net_revenue)') }} as all_net_revenue
    from season_indices
    group by season_type, season
)

select
    season_indices.category,
    season_indices.season_type,
    season_indices.season,
    coalesce(occasions.label, 'Month ' || season_indices.season) as label,
    coalesce(occasions.label_zh, season_indices.season || '月') as label_zh,
    season_scenes.occasion as suggested_occasion,
    scenes.scene as suggested_scene,
    scenes.scene_zh as suggested_scene_zh,
    season_indices.occurrences,
    season_indices.days,
    season_indices.all_days,
    season_indices.orders,
    season_indices.net_revenue,
    season_indices.all_net_revenue,
    season_indices.extra_net_revenue,
    season_indices.season_index as index,
    {{ rounded_ratio(
        '(shop_seasons.net_revenue * season_indices.all_days)', '(shop_seasons.all_net_revenue * season_indices.days)'
    ) }} as shop_index,
    -- From the amounts, not from the rounded indices: the days of both are the same. A product of two amounts needs the
    -- wider type.
    {{ rounded_ratio(
        '(cast(season_indices.net_revenue as decimal(28, 2)) * shop_seasons.all_net_revenue)',
        '(cast(season_indices.all_net_revenue as decimal(28, 2)) * shop_seasons.net_revenue)'
    ) }} as index_against_shop
from season_indices
inner join shop_seasons
    on shop_seasons.season_type = season_indices.season_type
    and shop_seasons.season = season_indices.season
left join calendar_occasions as occasions
    on season_indices.season_type = 'occasion'
    and occasions.occasion = season_indices.season
left join season_scenes
    on season_scenes.category = season_indices.category
    and season_scenes.season_type = season_indices.season_type
    and season_scenes.season = season_indices.season
left join calendar_occasions as scenes on scenes.occasion = season_scenes.occasion
