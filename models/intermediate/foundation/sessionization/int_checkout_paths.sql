with

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

checkout_pages as (select * from {{ ref('checkout_pages') }}),

paths as (
    select distinct path from urls_parsed where is_own_page and path is not null
)

select
    paths.path,
    min_by(checkout_pages.page_kind, checkout_pages.priority) as page_kind
from paths
cross join checkout_pages
where {{ matches_pattern('lower(paths.path)', 'checkout_pages.path_pattern') }}
group by paths.path
