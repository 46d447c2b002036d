with

people_sessions as (
    select * from {{ ref('int_people_sessions') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

-- Orders speak of the hours of those who have no session.
uses as (
    select customer_id, {{ local_hour('started_at') }} as local_hour, 1 as source_rank, started_at as used_at
    from people_sessions
    where is_known_customer
    union all
    select customer_id, {{ local_hour('ordered_at') }} as local_hour, 2 as source_rank, ordered_at as used_at
    from orders_valued
    where is_valid and customer_id <> 'unknown'
),

-- As often as another: the hour used last, then the earlier one.
ranked_hours as (
    select
        customer_id,
        local_hour,
        row_number() over (
            partition by customer_id
            order by source_rank, count(*) desc, max(used_at) desc, local_hour
        ) as hour_rank
    from uses
    group by customer_id, local_hour, source_rank
)

select
    customer_id,
    cast(local_hour as bigint) as best_hour
from ranked_hours
where hour_rank = 1
