with

customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

stg_survey_responses as (
    select * from {{ ref('stg_survey_responses') }}
),

stg_support_tickets as (
    select * from {{ ref('stg_support_tickets') }}
),

stg_reviews as (
    select * from {{ ref('stg_reviews') }}
),

complaint_topics as (
    select * from {{ ref('complaint_topics') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

-- On a scale of 1 to 5 the two lowest answers are the negative ones.
utterances as (
    select customer_id, order_id, 'negative_about_' || aspect as measure
    from stg_survey_responses
    where
        survey_type = 'csat'
        and aspect in ('quality', 'price', 'logistics', 'service')
        and score between 1 and 2
    union all
    select
        stg_support_tickets.customer_id,
        stg_support_tickets.order_id,
        'negative_about_' || complaint_topics.aspect as measure
    from stg_support_tickets
    inner join complaint_topics on complaint_topics.topic = lower(stg_support_tickets.topic)
    where stg_support_tickets.is_complaint
    union all
    select customer_id, order_id, 'complaints' as measure
    from stg_support_tickets
    where is_complaint
    union all
    select customer_id, order_id, 'low_reviews' as measure
    from stg_reviews
    where rating <= 2
),

-- Who names nobody is the customer of the order.
named_utterances as (
    select
        coalesce(customer_merges.customer_id, orders_valued.customer_id) as customer_id,
        utterances.measure
    from utterances
    left join customer_merges on customer_merges.account_id = utterances.customer_id
    left join orders_valued on orders_valued.order_id = utterances.order_id
)

select
    customer_id,
    measure,
    count(*) as utterances
from named_utterances
where
    customer_id is not null
    and customer_id <> 'unknown'
group by customer_id, measure
