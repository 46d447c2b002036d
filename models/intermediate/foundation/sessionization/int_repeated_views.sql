{%- set page = 'partition by visitor_id, session_id, page_url, page_number' -%}
{%- set most_specific = 'order by view_specificity desc, product_id nulls last, occurred_at, event_id' -%}
with

near_views as (select * from {{ ref('int_near_views') }}),

-- A list on a page of another kind, such as the home page, does not make it a list page.
page_contents as (
    select
        event_id, visitor_id, session_id, event_type, page_url, page_number, product_id, occurred_at,
        case
            when event_type = 'category_view' and coalesce(
                page_type, max(case when event_type = 'page_view' then page_type end) over ({{ page }}), 'category'
            ) <> 'category' then 0
            else view_specificity
        end as view_specificity,
        -- A list that the tracker reports later, such as on scrolling, stays in the page that is open.
        count(opened_url) over ({{ page }}) = 0 and coalesce(page_url = open_url, false) as is_list_in_page
    from near_views
),

ranked_views as (
    select
        event_id,
        visitor_id,
        event_type,
        product_id,
        first_value(event_id) over ({{ page }} {{ most_specific }}) as page_event_id,
        row_number() over ({{ page }} {{ most_specific }}) as view_rank,
        row_number() over ({{ page }}, event_type, product_id order by occurred_at, event_id) as type_rank,
        is_list_in_page
    from page_contents
)

-- Two products shown at one address, such as quick views on a list page, are two views.
select
    event_id,
    page_event_id,
    visitor_id,
    event_type = 'search' and type_rank = 1 as is_search_of_page
from ranked_views
where
    is_list_in_page
    or (view_rank > 1 and not (event_type = 'product_view' and product_id is not null and type_rank = 1))
