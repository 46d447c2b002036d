{%- set visitor_order = 'partition by visitor_id order by started_at, session_id' -%}
{%- set before = visitor_order ~ ' rows between unbounded preceding and 1 preceding' -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_arrivals as (select * from {{ ref('int_session_arrivals') }}),

channel_assignments as (select * from {{ ref('int_channel_assignments') }}),

own_channels as (
    select
        session_bounds.session_id,
        session_bounds.visitor_id,
        channel_assignments.channel as own_channel,
        session_bounds.started_at
    from session_bounds
    inner join session_arrivals on session_arrivals.session_id = session_bounds.session_id
    inner join channel_assignments
        on {% for key in arrival_attributes() -%}
        channel_assignments.{{ key }} = session_arrivals.{{ key }}{{ "\n        and " if not loop.last }}
        {%- endfor %}
),

last_touches as (
    select
        session_id,
        own_channel,
        started_at,
        {{ last_known("case when own_channel <> 'direct' then own_channel end") }} over ({{ before }}) as touch_channel,
        {{ last_known("case when own_channel <> 'direct' then started_at end") }} over ({{ before }}) as touched_at
    from own_channels
)

-- A direct session inherits the visitor's last other channel within the window.
select
    session_id,
    own_channel,
    case
        when
            own_channel = 'direct'
            and started_at <= {{ dbt.dateadd('day', var('attribution_window_days', 30), 'touched_at') }}
            then touch_channel
        else own_channel
    end as channel
from last_touches
