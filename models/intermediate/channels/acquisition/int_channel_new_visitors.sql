with

int_sessions as (select * from {{ ref('int_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

acquisition_rules as (select * from {{ ref('acquisition_rules') }}),

first_sessions as (
    select
        visitor_id,
        channel,
        session_date,
        session_month as month,
        started_at
    from int_sessions
    where
        is_new_visitor
        and not is_bot
),

-- Only the visitor's own orders: those of the same person on another device belong to another visitor.
converted_visitors as (
    select distinct first_sessions.visitor_id
    from first_sessions
    cross join acquisition_rules
    inner join orders_valued on orders_valued.visitor_id = first_sessions.visitor_id
    where
        orders_valued.is_valid
        and not orders_valued.is_renewal
        and orders_valued.ordered_at >= first_sessions.started_at
        and {{ days_between(
            'first_sessions.session_date', 'orders_valued.order_date'
        ) }} <= acquisition_rules.new_visitor_days
),

-- A visitor whose days are not over yet, or not all covered by orders, counts in neither number.
matured_visitors as (
    select
        first_sessions.channel,
        first_sessions.month,
        converted_visitors.visitor_id is not null as is_converted
    from first_sessions
    cross join acquisition_rules
    inner join covered_days on covered_days.date = first_sessions.session_date
    left join converted_visitors on converted_visitors.visitor_id = first_sessions.visitor_id
    where
        {{ days_between('first_sessions.session_date', 'covered_days.orders_last_date') }}
        >= acquisition_rules.new_visitor_days
)

select
    {{ period_of('month') }} as period,
    channel,
    count(*) as matured_new_visitors,
    count(*) filter (where is_converted) as converted_new_visitors,
    month
from matured_visitors
group by grouping sets ((month, channel), (channel))
