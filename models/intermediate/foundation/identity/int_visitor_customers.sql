with

identified_moments as (
    select * from {{ ref('int_identified_moments') }}
)

select
    visitor_id,
    customer_id,
    min(identified_at) as first_identified_at,
    max(identified_at) as last_identified_at
from identified_moments
group by visitor_id, customer_id
