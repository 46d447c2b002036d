with

int_sessions as (select * from {{ ref('int_sessions') }}),

visit_events as (select * from {{ ref('int_visit_events') }}),

stg_events as (select * from {{ ref('stg_events') }}),

stg_products as (select * from {{ ref('stg_products') }}),

leisure_categories as (select * from {{ ref('leisure_categories') }}),

views as (
    select
        int_sessions.person_id,
        visit_events.page_type,
        stg_events.sort_order,
        case when visit_events.page_type = 'product' then stg_products.category end as category,
        leisure_categories.category is not null as is_leisure
    from visit_events
    inner join int_sessions on int_sessions.session_id = visit_events.session_id
    inner join stg_events on stg_events.event_id = visit_events.event_id
    left join stg_products on stg_products.product_id = visit_events.product_id
    left join leisure_categories
        on leisure_categories.page_type = visit_events.page_type
        and leisure_categories.category = lower(
            case
                when visit_events.page_type = 'content' then visit_events.content_category
                else stg_products.category
            end
        )
    where visit_events.is_page_view
)

select
    person_id,
    count(distinct category) as categories_viewed,
    count(*) filter (where page_type in ('category', 'search')) as list_views,
    count(*) filter (where sort_order in ('price_asc', 'price_desc')) as price_sorted_views,
    count(*) filter (where is_leisure) as leisure_views
from views
group by person_id
