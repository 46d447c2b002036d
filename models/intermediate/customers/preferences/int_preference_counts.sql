with

preference_views as (
    select * from {{ ref('int_preference_views') }}
)

select
    customer_id,
    kind,
    preference,
    cast(sum(case when is_view then events else 0 end) as bigint) as views,
    cast(sum(case when is_view then 0 else events end) as bigint) as carts
from preference_views
group by customer_id, kind, preference
