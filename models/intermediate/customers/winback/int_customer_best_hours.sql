with

people_sessions as (select * from {{ ref('int_people_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

-- Sessions rank before orders, so orders only count for customers without a session; renewals, which a program places,
-- do not.
active_moments as (
    select customer_id, {{ local_hour('started_at') }} as local_hour, 1 as source_rank, started_at as active_at
    from people_sessions
    where is_known_customer
    union all
    select customer_id, {{ local_hour('ordered_at') }} as local_hour, 2 as source_rank, ordered_at as active_at
    from orders_valued
    where is_valid and not is_renewal and is_known_customer
),

-- A tie goes to the hour used last, then to the earlier hour, so that the result is deterministic.
ranked_hours as (
    select
        customer_id,
        local_hour,
        row_number() over (
            partition by customer_id
            order by source_rank, count(*) desc, max(active_at) desc, local_hour
        ) as hour_rank
    from active_moments
    group by customer_id, local_hour, source_rank
)

select
    customer_id,
    cast(local_hour as bigint) as best_hour
from ranked_hours
where hour_rank = 1
