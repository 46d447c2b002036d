{# A view, because it only adds the person to a session. #}
{{ config(materialized='view') }}

with

int_sessions as (select * from {{ ref('int_sessions') }}),

int_customers as (select * from {{ ref('int_customers') }}),

human_sessions as (
    select
        session_id,
        visitor_id,
        person_id,
        duration_seconds,
        session_date,
        started_at
    from int_sessions
    where not is_bot
)

-- A visitor who was never identified is a separate customer after the first order.
select
    human_sessions.session_id,
    human_sessions.visitor_id,
    human_sessions.person_id,
    int_customers.customer_id,
    human_sessions.duration_seconds,
    int_customers.customer_id is not null as is_known_customer,
    human_sessions.session_date,
    human_sessions.started_at
from human_sessions
left join int_customers on int_customers.customer_id = human_sessions.person_id
