with

feedback as (
    select * from {{ ref('int_feedback') }}
),

stg_support_tickets as (
    select * from {{ ref('stg_support_tickets') }}
),

complaint_topics as (
    select * from {{ ref('complaint_topics') }}
),

customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

-- Who names nobody is the customer of the order.
complaints as (
    select
        coalesce(customer_merges.customer_id, orders_valued.customer_id) as customer_id,
        complaint_topics.aspect
    from stg_support_tickets
    left join complaint_topics on complaint_topics.topic = lower(stg_support_tickets.topic)
    left join customer_merges on customer_merges.account_id = stg_support_tickets.customer_id
    left join orders_valued on orders_valued.order_id = stg_support_tickets.order_id
    where stg_support_tickets.is_complaint
),

utterances as (
    select customer_id, 'negative_about_' || aspect as measure
    from feedback
    where
        survey_type = 'csat'
        and aspect in ('quality', 'price', 'logistics', 'service')
        and satisfaction_band = 'dissatisfied'
    union all
    select customer_id, 'low_reviews' as measure
    from feedback
    where
        survey_type = 'rating'
        and satisfaction_band = 'dissatisfied'
    union all
    select customer_id, 'negative_about_' || aspect as measure
    from complaints
    where aspect is not null
    union all
    select customer_id, 'complaints' as measure
    from complaints
)

select
    customer_id,
    measure,
    count(*) as utterances
from utterances
where
    customer_id is not null
    and customer_id <> 'unknown'
group by customer_id, measure
