{%- set in_order = 'partition by person_id order by moment, moment_rank, moment_id' -%}
{%- set after = in_order ~ ' rows between 1 following and unbounded following' -%}
with

int_sessions as (select * from {{ ref('int_sessions') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

order_numbers as (select * from {{ ref('int_order_numbers') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

ordering_arrivals as (
    select distinct arrival_session_id as session_id from int_sessions where orders > 0
),

-- A renewal ends no path, since nobody came for it. A customer's sessions on all devices are one journey. A session
-- that starts at the moment of an order comes before it. A continuation is no touch: its orders are those of the
-- arrival that it goes on from.
moments as (
    select
        int_sessions.person_id,
        int_sessions.session_id as moment_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        1 as moment_rank,
        ordering_arrivals.session_id is not null as has_order,
        int_sessions.started_at as moment
    from int_sessions
    left join ordering_arrivals on ordering_arrivals.session_id = int_sessions.session_id
    where not int_sessions.is_bot and not int_sessions.is_continuation
    union all
    select
        order_customers.customer_id as person_id,
        order_numbers.order_id as moment_id,
        order_numbers.order_id,
        2 as moment_rank,
        cast(null as boolean) as has_order,
        stg_orders.ordered_at as moment
    from order_numbers
    inner join stg_orders on stg_orders.order_id = order_numbers.order_id
    inner join order_customers on order_customers.order_id = order_numbers.order_id
    where not coalesce(stg_orders.is_renewal, false)
),

next_orders as (
    select
        person_id,
        moment_id as session_id,
        {{ first_known('order_id') }} over ({{ after }}) as next_order_id,
        count(order_id) over ({{ in_order }} rows between unbounded preceding and current row) as earlier_orders,
        moment_rank,
        has_order,
        moment as started_at,
        {{ first_known('case when order_id is not null then moment end') }} over ({{ after }}) as next_ordered_at
    from moments
)

-- A session leads to the next order only, so that a new path starts after each order.
select
    session_id,
    person_id,
    case
        when next_ordered_at <= {{ dbt.dateadd('day', var('attribution_window_days', 30), 'started_at') }}
            then next_order_id
    end as order_id,
    earlier_orders,
    has_order,
    started_at
from next_orders
where moment_rank = 1
