with

session_conversions as (select * from {{ ref('int_session_conversions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

idle_sessions as (
    select
        session_id,
        person_id,
        earlier_orders,
        started_at,
        lag(started_at) over (
            partition by person_id, earlier_orders
            order by started_at, session_id
        ) as previous_started_at
    from session_conversions
    where order_id is null and not has_order
),

-- After a silence longer than the window no earlier touch can lead to an order, so a new journey starts.
journeys as (
    select
        session_id,
        person_id,
        earlier_orders,
        started_at,
        sum(
            case
                when started_at > {{ dbt.dateadd('day', var('attribution_window_days', 30), 'previous_started_at') }}
                    then 1
                else 0
            end
        ) over (
            partition by person_id, earlier_orders order by started_at, session_id
            rows between unbounded preceding and current row
        ) as journey_number
    from idle_sessions
),

lost_paths as (
    select
        person_id,
        earlier_orders,
        journey_number,
        min(session_id) as first_session_id,
        max(started_at) as last_started_at
    from journeys
    group by person_id, earlier_orders, journey_number
)

-- A journey that may still end in an order is left out.
select
    'lost:' || lost_paths.first_session_id as path_id,
    journeys.session_id,
    case when journeys.earlier_orders = 0 then 'first' else 'repeat' end as order_type
from journeys
inner join lost_paths
    on lost_paths.person_id = journeys.person_id
    and lost_paths.earlier_orders = journeys.earlier_orders
    and lost_paths.journey_number = journeys.journey_number
cross join stg_run_period
where
    {{ dbt.dateadd(
        'day', var('attribution_window_days', 30), 'lost_paths.last_started_at'
    ) }} < stg_run_period.as_of_end_at
