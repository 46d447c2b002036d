-- Every group has 24 hours and, if it was active, two best hours; the groups add up to all customers, and the hours to
-- all their sessions, orders and delivered messages. Otherwise send times would be based on only some of the
-- customers.
with

send_time_preferences as (select * from {{ ref('send_time_preferences') }}),

customer_hours as (select * from {{ ref('int_customer_hours') }}),

incomplete_groups as (
    select
        gender,
        age_band,
        count(*) as found,
        count(*) filter (where is_best_window) as best_hours
    from send_time_preferences
    group by gender, age_band
    having
        count(*) <> 24
        or count(*) filter (where is_best_window)
        <> case when coalesce(max(group_sessions), 0) + coalesce(max(group_orders), 0) > 0 then 2 else 0 end
),

counted as (
    select
        sum(sessions) as sessions,
        sum(orders) as orders,
        sum(delivered) as delivered
    from send_time_preferences
),

landed as (
    select
        sum(sessions) as sessions,
        sum(orders) as orders,
        sum(delivered) as delivered
    from customer_hours
)

select
    gender || ' ' || age_band as group_name,
    found,
    24 as expected
from incomplete_groups
union all
select
    'everybody' as group_name,
    counted.sessions + counted.orders + counted.delivered as found,
    landed.sessions + landed.orders + landed.delivered as expected
from counted
cross join landed
where
    counted.sessions <> landed.sessions
    or counted.orders <> landed.orders
    or counted.delivered <> landed.delivered
