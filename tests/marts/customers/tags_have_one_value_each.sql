-- Two values of one attribute, or two composite tags, would put a customer into two audiences that exclude each other.
with

customer_tags as (select * from {{ ref('customer_tags') }}),

customers as (select * from {{ ref('customers') }}),

repeated_tags as (
    select
        customer_tags.customer_id,
        customer_tags.tag_group,
        -- The attribute of an open tag is the part before the colon. A composite tag has no colon.
        case
            when customer_tags.tag_group = 'composite' then 'composite'
            else split_part(customer_tags.tag, ':', 1)
        end as tag_name,
        count(*) as tags,
        count(customers.customer_id) as known_customers
    from customer_tags
    left join customers
        on customers.customer_id = customer_tags.customer_id
        and customers.is_known_customer
    group by 1, 2, 3
)

select
    customer_id,
    tag_group,
    tag_name,
    tags,
    known_customers
from repeated_tags
where
    tags > 1
    or known_customers <> tags
