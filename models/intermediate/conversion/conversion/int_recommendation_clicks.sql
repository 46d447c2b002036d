{%- set slot = 'partition by session_id, product_id, placement' -%}
{%- set in_order = 'order by occurred_at, change desc, event_number' -%}
with

visit_events as (select * from {{ ref('int_visit_events') }}),

-- Within a second what was shown comes before what was clicked.
slot_events as (
    select
        event_id,
        session_id,
        product_id,
        placement,
        event_number,
        case when event_type = 'recommendation_impression' then 1 else -1 end as change,
        occurred_at
    from visit_events
    where event_type in ('recommendation_impression', 'recommendation_click') and product_id is not null
),

balances as (
    select
        event_id,
        session_id,
        product_id,
        placement,
        event_number,
        change,
        sum(change) over ({{ slot }} {{ in_order }} rows unbounded preceding) as balance,
        occurred_at
    from slot_events
),

-- A click without an open impression opens none: the count of open ones never falls below 0.
open_impressions as (
    select
        event_id,
        session_id,
        product_id,
        placement,
        event_number,
        change,
        balance - least(min(balance) over ({{ slot }} {{ in_order }} rows unbounded preceding), 0) as impressions,
        occurred_at
    from balances
),

next_lows as (
    select
        event_id,
        change,
        impressions,
        min(impressions) over ({{ slot }} {{ in_order }} rows between 1 following and unbounded following) as low
    from open_impressions
)

-- Each click takes the last open impression, so one is clicked once fewer are open than with it.
select event_id
from next_lows
where change = 1 and low < impressions
