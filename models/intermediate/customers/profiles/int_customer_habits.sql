with

int_customers as (select * from {{ ref('int_customers') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

-- A visitor who was never identified is a customer after the first order.
customer_sessions as (
    select
        int_customers.customer_id,
        int_sessions.device_type,
        int_sessions.platform,
        {{ two_hour_band(local_hour('int_sessions.started_at')) }} as hour_band,
        int_sessions.started_at
    from int_sessions
    inner join int_customers on int_customers.customer_id = int_sessions.person_id
    where not int_sessions.is_bot
),

order_hours as (
    select
        customer_id,
        {{ two_hour_band(local_hour('ordered_at')) }} as hour_band,
        ordered_at
    from orders_valued
    where
        is_valid
        and not is_renewal
        and is_known_customer
),

-- The hours of orders, but not of renewals, count only for customers without a session.
uses as (
    select customer_id, 'device' as habit, device_type as habit_value, 1 as source_rank, started_at as used_at
    from customer_sessions
    union all
    select customer_id, 'platform' as habit, platform as habit_value, 1 as source_rank, started_at as used_at
    from customer_sessions
    union all
    select customer_id, 'hours' as habit, hour_band as habit_value, 1 as source_rank, started_at as used_at
    from customer_sessions
    union all
    select customer_id, 'hours' as habit, hour_band as habit_value, 2 as source_rank, ordered_at as used_at
    from order_hours
),

-- A tie goes to the value used last, then to the smaller name, so that the result is deterministic.
ranked_uses as (
    select
        customer_id,
        habit,
        habit_value,
        row_number() over (
            partition by customer_id, habit
            order by source_rank, count(*) desc, max(used_at) desc, habit_value
        ) as use_rank
    from uses
    where habit_value is not null
    group by customer_id, habit, habit_value, source_rank
)

select
    customer_id,
    max(habit_value) filter (where habit = 'device') as primary_device,
    max(habit_value) filter (where habit = 'platform') as primary_platform,
    max(habit_value) filter (where habit = 'hours') as active_hour_band
from ranked_uses
where use_rank = 1
group by customer_id
