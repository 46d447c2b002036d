{%- set quick_seconds = 5 * 60 -%}
with

stg_support_tickets as (select * from {{ ref('stg_support_tickets') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

complaint_topics as (select * from {{ ref('complaint_topics') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- If a time is null in all tickets, the help desk does not record it, so it is unknown. If it is null only in some, it
-- has not happened there.
landed_flags as (
    select
        count(first_response_at) > 0 as has_first_responses,
        count(is_complaint) > 0 as has_complaints
    from stg_support_tickets
),

-- A response before the opening has a wrong time stamp, so the response time is null.
timed_tickets as (
    select
        ticket_id,
        customer_id as account_id,
        order_id,
        coalesce(lower(topic), 'unknown') as topic,
        coalesce(handled_by, 'unknown') as handled_by,
        satisfaction_score,
        case
            when first_response_at >= opened_at then {{ seconds_between('opened_at', 'first_response_at') }}
        end as response_seconds,
        case
            when resolved_at >= opened_at then {{ seconds_between('opened_at', 'resolved_at') }}
        end as resolution_seconds,
        is_complaint,
        first_response_at is not null as is_answered,
        {{ local_date('opened_at') }} as opened_date,
        opened_at
    from stg_support_tickets
)

-- A ticket that has waited for more than five minutes without a response was not answered within them. A ticket without
-- a customer belongs to the customer of its order.
select
    timed_tickets.ticket_id,
    coalesce(customer_merges.customer_id, orders_valued.customer_id) as customer_id,
    timed_tickets.topic,
    complaint_topics.aspect,
    timed_tickets.handled_by,
    timed_tickets.satisfaction_score,
    timed_tickets.response_seconds,
    timed_tickets.resolution_seconds,
    case
        when landed_flags.has_complaints then coalesce(timed_tickets.is_complaint, false)
    end as is_complaint,
    case
        when timed_tickets.response_seconds is not null then timed_tickets.response_seconds <= {{ quick_seconds }}
        when
            landed_flags.has_first_responses
            and not timed_tickets.is_answered
            and {{ seconds_between('timed_tickets.opened_at', 'stg_run_period.as_of_end_at') }} > {{ quick_seconds }}
            then false
    end as is_answered_within_5_minutes,
    {{ month_of('timed_tickets.opened_date') }} as opened_month
from timed_tickets
cross join landed_flags
cross join stg_run_period
left join customer_merges on customer_merges.account_id = timed_tickets.account_id
left join orders_valued on orders_valued.order_id = timed_tickets.order_id
left join complaint_topics on complaint_topics.topic = timed_tickets.topic
