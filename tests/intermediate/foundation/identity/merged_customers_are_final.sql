-- A canonical customer that is itself merged into another would count a person twice.
with

customer_merges as (select * from {{ ref('int_customer_merges') }})

select
    customer_merges.account_id,
    customer_merges.customer_id,
    onward.customer_id as onward_customer_id
from customer_merges
left join customer_merges as onward on onward.account_id = customer_merges.customer_id
where onward.customer_id is distinct from customer_merges.customer_id
