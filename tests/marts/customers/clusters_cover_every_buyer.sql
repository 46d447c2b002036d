-- A buyer without a cluster would be missing from every campaign that targets clusters.
with

customers as (select * from {{ ref('customers') }}),

customer_clusters as (select * from {{ ref('customer_clusters') }}),

buyers as (
    select customer_id
    from customers
    where orders > 0 and is_known_customer
)

select
    buyers.customer_id as buyer,
    customer_clusters.customer_id as clustered
from buyers
full outer join customer_clusters on customer_clusters.customer_id = buyers.customer_id
where
    buyers.customer_id is null
    or customer_clusters.customer_id is null
    or customer_clusters.cluster is null
