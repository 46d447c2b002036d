{%- set same_address = 'partition by visitor_id, session_id, page_url order by occurred_at, event_id' -%}
{%- set before = 'partition by visitor_id, session_id order by occurred_at, event_id
            rows between unbounded preceding and 1 preceding' -%}
with

stg_events as (select * from {{ ref('stg_events') }}),

event_type_roles as (select * from {{ ref('event_type_roles') }}),

session_rules as (select * from {{ ref('session_rules') }}),

-- An address that is not known is never the same as another.
addressed_views as (
    select
        stg_events.event_id,
        stg_events.visitor_id,
        stg_events.session_id,
        stg_events.event_type,
        -- `other` does not say what the page is.
        nullif(stg_events.page_type, 'other') as page_type,
        stg_events.page_url,
        case when stg_events.event_type <> 'category_view' then stg_events.page_url end as opened_url,
        case when stg_events.event_type = 'product_view' then stg_events.product_id end as product_id,
        event_type_roles.view_specificity,
        stg_events.occurred_at,
        {{ dbt.dateadd('second', 'session_rules.same_view_seconds', 'stg_events.occurred_at') }} as same_view_until_at
    from stg_events
    inner join event_type_roles on event_type_roles.event_type = stg_events.event_type
    cross join session_rules
    where event_type_roles.is_page_view and stg_events.page_url is not null
),

repeated_pages as (
    select visitor_id, coalesce(session_id, '') as session_id
    from addressed_views
    group by visitor_id, session_id, page_url
    having count(*) > 1
),

-- In most sessions no page comes again; their views are not sorted.
repeating_sessions as (
    select distinct visitor_id, session_id from repeated_pages
),

repeating_views as (
    select
        addressed_views.event_id,
        addressed_views.visitor_id,
        addressed_views.session_id,
        addressed_views.event_type,
        addressed_views.page_type,
        addressed_views.page_url,
        addressed_views.opened_url,
        addressed_views.product_id,
        addressed_views.view_specificity,
        addressed_views.occurred_at,
        addressed_views.same_view_until_at
    from addressed_views
    inner join repeating_sessions
        on repeating_sessions.visitor_id = addressed_views.visitor_id
        and repeating_sessions.session_id = coalesce(addressed_views.session_id, '')
),

neighbouring_views as (
    select
        event_id, visitor_id, session_id, event_type, page_type, page_url, opened_url, product_id, view_specificity,
        {{ last_known('opened_url') }} over ({{ before }}) as open_url,
        coalesce(lag(same_view_until_at) over ({{ same_address }}) >= occurred_at, false) as is_near_previous,
        coalesce(lead(occurred_at) over ({{ same_address }}) <= same_view_until_at, false) as is_near_next,
        occurred_at
    from repeating_views
)

-- Most of these views end here: they neither repeat another nor are repeated.
select
    event_id,
    visitor_id,
    session_id,
    event_type,
    page_type,
    page_url,
    opened_url,
    open_url,
    product_id,
    view_specificity,
    count(case when not is_near_previous then 1 end) over ({{ same_address }} rows unbounded preceding) as page_number,
    occurred_at
from neighbouring_views
where is_near_previous or is_near_next or open_url = page_url
