{%- set moment_order -%}
    partition by visitor_id order by moment, case when session_id is null then 1 else 0 end, customer_id
{%- endset -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

identifications as (select * from {{ ref('int_identifications') }}),

-- A session is ordered before an identification at its start, so that this identification counts as next, not previous.
moments_of_visitors as (
    select
        visitor_id,
        session_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        started_at as moment
    from session_bounds
    union all
    select
        visitor_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        customer_id,
        identified_at as moment
    from identifications
),

-- Of customers identified at one moment the smaller id counts, forwards and backwards.
neighbours as (
    select
        session_id,
        {{ first_known('customer_id') }} over (
            {{ moment_order }} rows between 1 following and unbounded following
        ) as next_customer_id,
        {{ last_known('customer_id') }} over (
            {{ moment_order }} desc rows between unbounded preceding and 1 preceding
        ) as previous_customer_id
    from moments_of_visitors
)

select
    session_id,
    coalesce(next_customer_id, previous_customer_id) as customer_id
from neighbours
where session_id is not null and coalesce(next_customer_id, previous_customer_id) is not null
