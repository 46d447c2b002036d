-- A second row would give every customer two lifetime values.
select
    count(*) as clv_rules,
    min(min_lifespan_customers) as min_lifespan_customers
from {{ ref('clv_rules') }}
having
    count(*) <> 1
    or coalesce(min(min_lifespan_customers), 0) < 1
