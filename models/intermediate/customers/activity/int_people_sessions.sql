{# A view: it only says who a session belongs to. #}
{{ config(materialized='view') }}

with

sessions as (
    select * from {{ ref('int_sessions') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

named_sessions as (
    select
        session_id,
        visitor_id,
        person_id,
        duration_seconds,
        session_date,
        started_at
    from sessions
    where not is_bot
)

-- A visitor nobody identified is a customer of its own once it has ordered.
select
    named_sessions.session_id,
    named_sessions.visitor_id,
    named_sessions.person_id,
    customers.customer_id,
    named_sessions.duration_seconds,
    customers.customer_id is not null as is_known_customer,
    named_sessions.session_date,
    named_sessions.started_at
from named_sessions
left join customers on customers.customer_id = named_sessions.person_id
