-- Without a specificity the tags of one page would be ranked at random.
with

event_type_roles as (select * from {{ ref('event_type_roles') }})

select
    event_type,
    view_specificity
from event_type_roles
where is_page_view <> coalesce(view_specificity >= 1, false)
