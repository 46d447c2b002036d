{%- set person_order = 'partition by person_id order by started_at, session_id' -%}
{%- set visitor_order = 'partition by visitor_id order by started_at, session_id' -%}
{%- set before = ' rows between unbounded preceding and 1 preceding' -%}
{%- set window_days = var('attribution_window_days', 30) -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_arrivals as (select * from {{ ref('int_session_arrivals') }}),

session_continuations as (select * from {{ ref('int_session_continuations') }}),

session_customers as (select * from {{ ref('int_session_customers') }}),

channel_assignments as (select * from {{ ref('int_channel_assignments') }}),

-- A continuation has no source of its own, and no later session inherits from it.
own_channels as (
    select
        session_bounds.session_id,
        session_bounds.visitor_id,
        coalesce(session_customers.customer_id, 'visitor:' || session_bounds.visitor_id) as person_id,
        case
            when session_arrivals.medium <> 'referral' or session_continuations.session_id is null
                then channel_assignments.channel
            else 'direct'
        end as own_channel,
        session_continuations.session_id is not null as goes_on,
        session_bounds.started_at
    from session_bounds
    inner join session_arrivals on session_arrivals.session_id = session_bounds.session_id
    inner join channel_assignments
        on {% for key in arrival_attributes() -%}
        channel_assignments.{{ key }} = session_arrivals.{{ key }}{{ "\n        and " if not loop.last }}
        {%- endfor %}
    left join session_continuations on session_continuations.session_id = session_bounds.session_id
    left join session_customers on session_customers.session_id = session_bounds.session_id
),

touched_sessions as (
    select
        session_id,
        visitor_id,
        own_channel,
        goes_on,
        started_at,
        {%- for column in ['own_channel', 'started_at'] %}
        {{ last_known("case when own_channel <> 'direct' and not goes_on then " ~ column ~ " end") }}
            over ({{ person_order ~ before }}) as touch_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from own_channels
),

-- A direct session inherits the person's last other channel within the window.
inherited_channels as (
    select
        session_id,
        visitor_id,
        own_channel,
        case
            when own_channel <> 'direct' then own_channel
            when started_at <= {{ dbt.dateadd('day', window_days, 'touch_started_at') }} then touch_own_channel
            else 'direct'
        end as channel,
        goes_on,
        started_at
    from touched_sessions
),

arrivals_before as (
    select
        session_id,
        own_channel,
        channel,
        goes_on,
        started_at,
        {%- for column in ['session_id', 'channel', 'started_at'] %}
        {{ last_known('case when not goes_on then ' ~ column ~ ' end') }}
            over ({{ visitor_order ~ before }}) as arrival_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from inherited_channels
)

-- A continuation keeps the channel of the arrival that it goes on from; without one in the window it is an arrival.
{%- set is_continuation -%}
    goes_on and coalesce(started_at <= {{ dbt.dateadd('day', window_days, 'arrival_started_at') }}, false)
{%- endset %}
select
    session_id,
    case when {{ is_continuation }} then arrival_session_id else session_id end as arrival_session_id,
    own_channel,
    case when {{ is_continuation }} then arrival_channel else channel end as channel,
    {{ is_continuation }} as is_continuation
from arrivals_before
