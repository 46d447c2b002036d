{%- set max_seconds = var('session_max_hours', 24) * 3600 -%}
{%- set session_order = 'partition by session_id, piece_number order by occurred_at, event_id' -%}
with

uncut_event_sessions as (
    select * from {{ ref('int_uncut_event_sessions') }}
),

session_spans as (
    select * from {{ ref('int_session_spans') }}
),

event_type_roles as (
    select * from {{ ref('event_type_roles') }}
),

stg_events as (
    select * from {{ ref('stg_events') }}
),

long_sessions as (
    select session_id, started_at from session_spans where is_too_long
),

-- The moment at which the longest time is over still belongs to the piece that it ends.
pieces as (
    select
        uncut_event_sessions.event_id,
        uncut_event_sessions.session_id,
        coalesce(cast(floor(
            greatest({{ seconds_between('long_sessions.started_at', 'uncut_event_sessions.occurred_at') }} - 1, 0)
            / {{ max_seconds }}
        ) as bigint), 0) + 1 as piece_number,
        event_type_roles.is_page_view,
        uncut_event_sessions.occurred_at
    from uncut_event_sessions
    inner join event_type_roles on event_type_roles.event_type = uncut_event_sessions.event_type
    left join long_sessions on long_sessions.session_id = uncut_event_sessions.session_id
),

-- Numbered on narrow keys, the rest joined back after; events of one moment are ordered by id, as nothing else is sure.
numbered_events as (
    select
        event_id,
        session_id,
        piece_number,
        row_number() over ({{ session_order }}) as event_number,
        sum(case when is_page_view then 1 else 0 end) over (
            {{ session_order }} rows unbounded preceding
        ) as views_so_far,
        is_page_view
    from pieces
)

select
    numbered_events.event_id,
    case
        when numbered_events.piece_number = 1 then numbered_events.session_id
        else numbered_events.session_id || '-' || cast(numbered_events.piece_number as {{ dbt.type_string() }})
    end as session_id,
    numbered_events.session_id as uncut_session_id,
    stg_events.visitor_id,
    stg_events.event_type,
    stg_events.page_type,
    stg_events.page_url,
    stg_events.product_id,
    stg_events.order_id,
    numbered_events.event_number,
    case when numbered_events.is_page_view then cast(numbered_events.views_so_far as bigint) end as view_number,
    numbered_events.is_page_view,
    event_type_roles.is_interaction,
    event_type_roles.is_conversion,
    event_type_roles.is_cart_addition,
    stg_events.occurred_at
from numbered_events
inner join stg_events on stg_events.event_id = numbered_events.event_id
inner join event_type_roles on event_type_roles.event_type = stg_events.event_type
