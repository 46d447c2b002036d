with

order_touches as (select * from {{ ref('int_order_touches') }}),

lost_touches as (select * from {{ ref('int_lost_touches') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

touches as (
    select path_id, session_id, order_id, order_type, order_month, ordered_at from order_touches
    union all
    select
        path_id,
        session_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        order_type,
        cast(null as date) as order_month,
        cast(null as timestamp) as ordered_at
    from lost_touches
)

-- Sessions with equal starts are ordered by id.
select
    touches.path_id,
    touches.session_id,
    touches.order_id,
    touches.order_type,
    int_sessions.own_channel as channel,
    row_number() over (
        partition by touches.path_id order by int_sessions.started_at, int_sessions.session_id
    ) as touch_number,
    count(*) over (partition by touches.path_id) as touches,
    -- A session that starts after its order has age 0.
    case
        when touches.order_id is not null
            then greatest({{ seconds_between('int_sessions.started_at', 'touches.ordered_at') }}, 0)
    end as age_seconds,
    coalesce(touches.order_month, max(int_sessions.session_month) over (partition by touches.path_id)) as month,
    int_sessions.started_at as touched_at
from touches
inner join int_sessions on int_sessions.session_id = touches.session_id
