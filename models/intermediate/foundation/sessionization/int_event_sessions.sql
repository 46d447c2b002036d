{%- set max_seconds = var('session_max_hours', 24) * 3600 -%}
{%- set session_order = 'partition by session_id, piece_number order by occurred_at, event_id' -%}
with

session_spans as (select * from {{ ref('int_session_spans') }}),

shared_session_ids as (select * from {{ ref('int_shared_session_ids') }}),

derived_event_sessions as (select * from {{ ref('int_derived_event_sessions') }}),

event_type_roles as (select * from {{ ref('event_type_roles') }}),

repeated_views as (select * from {{ ref('int_repeated_views') }}),

stg_events as (select * from {{ ref('stg_events') }}),

uncut_sessions as (
    select
        stg_events.event_id,
        coalesce(shared_session_ids.session_id, stg_events.session_id) as session_id,
        stg_events.event_type,
        stg_events.occurred_at
    from stg_events
    left join shared_session_ids
        on shared_session_ids.given_session_id = stg_events.session_id
        and shared_session_ids.visitor_id = stg_events.visitor_id
    where stg_events.session_id is not null
    union all
    select event_id, session_id, event_type, occurred_at from derived_event_sessions
),

long_sessions as (
    select session_id, started_at from session_spans where is_too_long
),

-- An event exactly at the end of a piece belongs to that piece.
pieces as (
    select
        uncut_sessions.event_id,
        uncut_sessions.session_id,
        coalesce(cast(floor(
            greatest({{ seconds_between('long_sessions.started_at', 'uncut_sessions.occurred_at') }} - 1, 0)
            / {{ max_seconds }}
        ) as bigint), 0) + 1 as piece_number,
        event_type_roles.is_page_view and repeated_views.event_id is null as is_page_view,
        not coalesce(repeated_views.is_search_of_page, true) as is_repeated_view,
        uncut_sessions.occurred_at
    from uncut_sessions
    inner join event_type_roles on event_type_roles.event_type = uncut_sessions.event_type
    left join long_sessions on long_sessions.session_id = uncut_sessions.session_id
    left join repeated_views on repeated_views.event_id = uncut_sessions.event_id
),

-- Only the keys are sorted and numbered; the other columns are joined afterwards. The id orders events of one moment.
numbered_events as (
    select
        event_id,
        session_id,
        piece_number,
        row_number() over ({{ session_order }}) as event_number,
        count(case when is_page_view then 1 end) over ({{ session_order }} rows unbounded preceding) as views_so_far,
        is_page_view,
        is_repeated_view
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
    case when numbered_events.is_page_view then numbered_events.views_so_far end as view_number,
    numbered_events.is_page_view,
    numbered_events.is_repeated_view,
    event_type_roles.is_interaction,
    event_type_roles.is_conversion,
    event_type_roles.is_cart_addition,
    stg_events.occurred_at
from numbered_events
inner join stg_events on stg_events.event_id = numbered_events.event_id
inner join event_type_roles on event_type_roles.event_type = stg_events.event_type
