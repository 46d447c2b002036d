-- What does a second of load time cost? One row per level of load time: the share of views that end the visit, the
-- share followed by an order, and the revenue of the visits that ended beyond the exit rate of the fastest level, at
-- the shop's mean net revenue per visit. This is an association: test it before acting on it.
with

friction_factors as (select * from {{ ref('friction_factors') }}),

sessions as (select * from {{ ref('sessions') }}),

load_levels as (
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
    from load_levels
    where level_number = 1
),

all_visits as (
    select
        count(*) as sessions,
        sum(net_revenue) as net_revenue
    from sessions
    where not is_bot and page_views > 0
),

compared_levels as (
    select
        load_levels.level_number,
        load_levels.level,
        load_levels.page_views,
        load_levels.exits,
        load_levels.views_before_an_order,
        -- Exits beyond those expected at the exit rate of the fastest level.
        load_levels.exits
        - {{ whole_quotient('load_levels.page_views * fastest_level.exits', 'fastest_level.page_views') }}
        as excess_exits
    from load_levels
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
        compared_levels.excess_exits * {{ mean_amount('all_visits.net_revenue', 'all_visits.sessions') }}
        as decimal(18, 2)
    ) as net_revenue_at_stake
from compared_levels
cross join all_visits
order by compared_levels.level_number
