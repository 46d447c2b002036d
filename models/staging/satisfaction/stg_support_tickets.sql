with

base_support_tickets as (select * from {{ ref('base_support_tickets') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_support_tickets.ticket_id,
    base_support_tickets.customer_id,
    base_support_tickets.order_id,
    base_support_tickets.topic,
    base_support_tickets.contact_channel,
    base_support_tickets.handled_by,
    {{ value_if_before(
        'base_support_tickets.satisfaction_score', 'base_support_tickets.resolved_at', 'stg_run_period.as_of_end_at'
    ) }} as satisfaction_score,
    base_support_tickets.is_complaint,
    base_support_tickets.opened_at,
    {{ if_before('base_support_tickets.first_response_at', 'stg_run_period.as_of_end_at') }} as first_response_at,
    {{ if_before('base_support_tickets.resolved_at', 'stg_run_period.as_of_end_at') }} as resolved_at
from base_support_tickets
cross join stg_run_period
where
    base_support_tickets.is_current
    and base_support_tickets.opened_at < stg_run_period.as_of_end_at
