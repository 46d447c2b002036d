with

season_indices as (select * from {{ ref('int_season_indices') }}),

season_days as (select * from {{ ref('int_season_days') }}),

calendar_occasions as (select * from {{ ref('calendar_occasions') }}),

season_rules as (select * from {{ ref('season_rules') }}),

-- Suggest an occasion only where the shop's country observes it and the category sells clearly more, on enough orders.
suggested_occasions as (
    select
        season_indices.category,
        season_indices.season as occasion,
        season_indices.extra_net_revenue
    from season_indices
    cross join season_rules
    inner join calendar_occasions on calendar_occasions.occasion = season_indices.season
    where
        season_indices.season_type = 'occasion'
        and coalesce('|' || calendar_occasions.countries || '|' like '%|' || season_rules.country || '|%', true)
        and season_indices.season_index >= season_rules.suggest_from_index
        and season_indices.orders >= season_rules.suggest_from_orders
),

occasion_months as (
    select distinct
        season as occasion,
        {{ month_text('season_date') }} as season
    from season_days
    where season_type = 'occasion'
),

season_occasions as (
    select category, 'occasion' as season_type, occasion as season, occasion, extra_net_revenue
    from suggested_occasions
    union all
    select
        suggested_occasions.category,
        'month' as season_type,
        occasion_months.season,
        suggested_occasions.occasion,
        suggested_occasions.extra_net_revenue
    from suggested_occasions
    inner join occasion_months on occasion_months.occasion = suggested_occasions.occasion
),

-- Of several occasions in a month, take the one with the most extra revenue, then the smaller name.
ranked_occasions as (
    select
        category,
        season_type,
        season,
        occasion,
        row_number() over (
            partition by category, season_type, season order by extra_net_revenue desc, occasion
        ) as occasion_rank
    from season_occasions
)

select
    category,
    season_type,
    season,
    occasion
from ranked_occasions
where occasion_rank = 1
