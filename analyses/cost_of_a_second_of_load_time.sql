-- What does a second of load time cost? Per level: visits that end there, orders that follow, and the revenue of the
-- visits that ended beyond what the fastest level loses, at the shop's net revenue per visit. An association: test it.
with

friction_factors as (
    select * from {{ ref('friction_factors') }}
),

sessions as (
    select * from {{ ref('sessions') }}
),

levels as (
    select
        level_number,
        level,
        cast(sum(exposures) as bigint) as page_views,
        cast(sum(exits) as bigint) as exits,
        cast(sum(next_steps) as bigint) as views_before_an_order
    from friction_factors
    where factor = 'page_load'
    group by level_number, level
),

fastest_level as (
    select
        page_views,
        exits
    from levels
    where level_number = 1
),

visits as (
    select
        count(*) as sessions,
        sum(net_revenue) as net_revenue
    from sessions
    where not is_bot and page_views > 0
),

compared_levels as (
    select
        levels.level_number,
        levels.level,
        levels.page_views,
        levels.exits,
        levels.views_before_an_order,
        -- Exits less those expected at the fastest level's rate.
        levels.exits
        - {{ whole_quotient('levels.page_views * fastest_level.exits', 'fastest_level.page_views') }} as excess_exits
    from levels
    cross join fastest_level
)

select
    compared_levels.level,
    compared_levels.page_views,
    {{ rounded_ratio('compared_levels.exits', 'compared_levels.page_views') }} as exit_rate,
    {{ wilson_low('compared_levels.exits', 'compared_levels.page_views') }} as exit_rate_low,
    {{ wilson_high('compared_levels.exits', 'compared_levels.page_views') }} as exit_rate_high,
    {{ rounded_ratio('compared_levels.views_before_an_order', 'compared_levels.page_views') }} as order_rate,
    compared_levels.excess_exits,
    cast(
        compared_levels.excess_exits * {{ mean_amount('visits.net_revenue', 'visits.sessions') }} as decimal(18, 2)
    ) as net_revenue_at_stake
from compared_levels
cross join visits
order by compared_levels.level_number
