with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_identifications as (select * from {{ ref('int_session_identifications') }}),

identifications as (select * from {{ ref('int_identifications') }}),

-- A session is ordered before an identification at its start, so that this identification counts as next, not previous.
moments as (
    select
        session_bounds.visitor_id,
        session_bounds.session_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        session_bounds.started_at as moment
    from session_bounds
    left join session_identifications on session_identifications.session_id = session_bounds.session_id
    where session_identifications.session_id is null
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
            partition by visitor_id order by moment, case when session_id is null then 1 else 0 end, customer_id
            rows between 1 following and unbounded following
        ) as next_customer_id,
        {{ last_known('customer_id') }} over (
            partition by visitor_id order by moment, case when session_id is null then 1 else 0 end, customer_id desc
            rows between unbounded preceding and 1 preceding
        ) as previous_customer_id
    from moments
)

select
    session_id,
    customer_id,
    true as is_identified
from session_identifications
union all
select
    session_id,
    coalesce(next_customer_id, previous_customer_id) as customer_id,
    false as is_identified
from neighbours
where session_id is not null and coalesce(next_customer_id, previous_customer_id) is not null
