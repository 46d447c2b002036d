with

season_indices as (select * from {{ ref('int_season_indices') }}),

season_scenes as (select * from {{ ref('int_season_scenes') }}),

calendar_occasions as (select * from {{ ref('calendar_occasions') }})

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
    -- From the amounts, not from the rounded indices: the days of both are the same. A product of two amounts needs the
    -- wider type.
    {{ rounded_ratio(
        '(cast(season_indices.net_revenue as decimal(28, 2)) * shop_indices.all_net_revenue)',
        '(cast(season_indices.all_net_revenue as decimal(28, 2)) * shop_indices.net_revenue)'
    ) }} as index_against_shop
from season_indices
inner join season_indices as shop_indices
    on shop_indices.season_type = season_indices.season_type
    and shop_indices.season = season_indices.season
    and shop_indices.category = 'all'
left join calendar_occasions as occasions
    on season_indices.season_type = 'occasion'
    and occasions.occasion = season_indices.season
left join season_scenes
    on season_scenes.category = season_indices.category
    and season_scenes.season_type = season_indices.season_type
    and season_scenes.season = season_indices.season
left join calendar_occasions as scenes on scenes.occasion = season_scenes.occasion
