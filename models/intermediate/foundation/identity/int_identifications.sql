with

identified_moments as (select * from {{ ref('int_identified_moments') }}),

visitor_customers as (
    select
        visitor_id,
        customer_id,
        min(identified_at) as first_identified_at,
        max(identified_at) as last_identified_at
    from identified_moments
    group by visitor_id, customer_id
),

shared_visitors as (
    select visitor_id
    from visitor_customers
    group by visitor_id
    having count(*) > 1
),

single_visitors as (
    select
        visitor_customers.visitor_id,
        visitor_customers.customer_id,
        visitor_customers.first_identified_at,
        visitor_customers.last_identified_at
    from visitor_customers
    left join shared_visitors on shared_visitors.visitor_id = visitor_customers.visitor_id
    where shared_visitors.visitor_id is null
)

-- For a visitor who is identified as only one customer, the first and the last moment give the same results as all. A
-- device that customers share keeps every moment.
select
    visitor_id,
    customer_id,
    first_identified_at as identified_at
from single_visitors
union
select
    visitor_id,
    customer_id,
    last_identified_at as identified_at
from single_visitors
union
select
    identified_moments.visitor_id,
    identified_moments.customer_id,
    identified_moments.identified_at
from identified_moments
inner join shared_visitors on shared_visitors.visitor_id = identified_moments.visitor_id
