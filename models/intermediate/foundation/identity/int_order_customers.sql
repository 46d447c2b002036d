with

stg_orders as (select * from {{ ref('stg_orders') }}),

order_visitors as (select * from {{ ref('int_order_visitors') }}),

identifications as (select * from {{ ref('int_identifications') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

-- The first moment at or after the order comes first, then the last one before it; of two customers at the same moment
-- the smaller id.
ranked_identifications as (
    select
        stg_orders.order_id,
        identifications.customer_id,
        row_number() over (
            partition by stg_orders.order_id
            order by
                case when identifications.identified_at >= stg_orders.ordered_at then identifications.identified_at end
                asc nulls last,
                identifications.identified_at desc,
                identifications.customer_id
        ) as identification_rank
    from stg_orders
    inner join order_visitors on order_visitors.order_id = stg_orders.order_id
    inner join identifications on identifications.visitor_id = order_visitors.visitor_id
    where stg_orders.customer_id is null
),

identified_orders as (
    select
        stg_orders.order_id,
        coalesce(
            customer_merges.customer_id,
            ranked_identifications.customer_id,
            'visitor:' || order_visitors.visitor_id,
            'unknown'
        ) as customer_id,
        order_visitors.visitor_id,
        stg_orders.customer_id is null as is_guest
    from stg_orders
    left join customer_merges on customer_merges.account_id = stg_orders.customer_id
    left join order_visitors on order_visitors.order_id = stg_orders.order_id
    left join ranked_identifications
        on ranked_identifications.order_id = stg_orders.order_id
        and ranked_identifications.identification_rank = 1
)

select
    order_id,
    customer_id,
    visitor_id,
    is_guest,
    customer_id <> 'unknown' as is_known_customer
from identified_orders
