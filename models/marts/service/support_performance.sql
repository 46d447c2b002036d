with

tickets as (select * from {{ ref('int_tickets') }}),

ticket_times as (select * from {{ ref('int_ticket_times') }}),

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid
),

month_orders as (
    select
        order_month as month,
        count(*) as month_orders
    from valid_orders
    group by order_month
),

month_tickets as (
    select
        opened_month as month,
        count(*) as month_tickets
    from tickets
    group by opened_month
),

-- A topic has only one aspect.
counts as (
    select
        opened_month as month,
        topic,
        handled_by,
        min(aspect) as aspect,
        count(*) as tickets,
        case when count(is_complaint) > 0 then count(*) filter (where is_complaint) end as complaints,
        count(response_seconds) as answered_tickets,
        count(is_answered_within_5_minutes) as eligible_tickets,
        case
            when count(is_answered_within_5_minutes) > 0 then count(*) filter (where is_answered_within_5_minutes)
        end as tickets_within_5_minutes,
        count(resolution_seconds) as resolved_tickets,
        sum(resolution_seconds) as resolution_seconds,
        count(satisfaction_score) as rated_tickets,
        sum(satisfaction_score) as satisfaction_sum
    from tickets
    group by opened_month, topic, handled_by
)

select
    counts.month,
    counts.topic,
    counts.handled_by,
    counts.aspect,
    counts.tickets,
    month_tickets.month_tickets,
    {{ rounded_ratio('counts.tickets', 'month_tickets.month_tickets') }} as topic_share,
    counts.complaints,
    month_orders.month_orders,
    {{ rounded_ratio('counts.complaints', 'month_orders.month_orders') }} as complaints_per_order,
    counts.answered_tickets,
    {{ rounded_ratio('ticket_times.doubled_median_response_seconds', 2 * 60) }} as median_first_response_minutes,
    {{ rounded_ratio('ticket_times.p90_response_seconds', 60) }} as p90_first_response_minutes,
    counts.eligible_tickets,
    counts.tickets_within_5_minutes,
    {{ rounded_ratio('counts.tickets_within_5_minutes', 'counts.eligible_tickets') }} as share_within_5_minutes,
    {{ wilson_low('counts.tickets_within_5_minutes', 'counts.eligible_tickets') }} as share_within_5_minutes_low,
    {{ wilson_high('counts.tickets_within_5_minutes', 'counts.eligible_tickets') }} as share_within_5_minutes_high,
    counts.resolved_tickets,
    {{ rounded_ratio('counts.resolution_seconds', '(3600 * counts.resolved_tickets)') }} as resolution_hours,
    {{ rounded_ratio('ticket_times.doubled_median_resolution_seconds', 2 * 3600) }} as median_resolution_hours,
    counts.rated_tickets,
    {{ rounded_ratio('counts.satisfaction_sum', 'counts.rated_tickets') }} as satisfaction
from counts
inner join month_tickets on month_tickets.month = counts.month
inner join ticket_times
    on ticket_times.opened_month = counts.month
    and ticket_times.topic = counts.topic
    and ticket_times.handled_by = counts.handled_by
left join month_orders on month_orders.month = counts.month
