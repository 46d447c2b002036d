with

event_sessions as (select * from {{ ref('int_event_sessions') }})

select
    session_id,
    max(case when view_number = 1 then page_url end) as landing_page_url,
    max(case when view_number = 1 then page_type end) as landing_page_type,
    -- A campaign can arrive with an event that is not a page view.
    min_by(page_url, event_number) filter (where page_url is not null) as arrival_url,
    max_by(page_url, view_number) filter (where page_url is not null and view_number is not null) as exit_page_url,
    count(*) as events,
    count(*) filter (where is_page_view) as page_views,
    count(*) filter (where is_interaction) as interactions,
    count(*) filter (where is_conversion) as conversions,
    min(view_number) filter (where event_type = 'search' or page_type = 'search') as first_search_view_number,
    coalesce(
        bool_or(view_number = 1 and (event_type = 'product_view' or page_type = 'product')), false
    ) as is_product_landing,
    coalesce(
        min(event_number) filter (where is_conversion or event_type = 'login')
        < coalesce(
            min(event_number) filter (where view_number = 2 or is_cart_addition or event_type = 'begin_checkout'),
            count(*) + 1
        ),
        false
    ) as is_return_landing,
    min(occurred_at) as first_event_at,
    max(occurred_at) as last_event_at
from event_sessions
group by session_id
