with

customer_merges as (select * from {{ ref('int_customer_merges') }}),

stg_survey_responses as (select * from {{ ref('stg_survey_responses') }}),

stg_support_tickets as (select * from {{ ref('stg_support_tickets') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

-- An answer or a ticket without a customer belongs to the known customer of its order.
intent_answers as (
    select
        coalesce(
            customer_merges.customer_id,
            case when orders_valued.is_known_customer then orders_valued.customer_id end
        ) as customer_id,
        stg_survey_responses.score
    from stg_survey_responses
    left join customer_merges on customer_merges.account_id = stg_survey_responses.customer_id
    left join orders_valued on orders_valued.order_id = stg_survey_responses.order_id
    where
        stg_survey_responses.survey_type = 'brand_intent'
        and stg_survey_responses.score between 1 and 5
),

complaints as (
    select
        coalesce(
            customer_merges.customer_id,
            case when orders_valued.is_known_customer then orders_valued.customer_id end
        ) as customer_id
    from stg_support_tickets
    left join customer_merges on customer_merges.account_id = stg_support_tickets.customer_id
    left join orders_valued on orders_valued.order_id = stg_support_tickets.order_id
    where stg_support_tickets.is_complaint
),

opinions as (
    select customer_id, score as intent_score, 0 as complaints from intent_answers
    union all
    select customer_id, cast(null as decimal(18, 6)) as intent_score, 1 as complaints from complaints
)

select
    customer_id,
    count(intent_score) as intent_answers,
    cast(sum(intent_score) as decimal(28, 6)) as intent_score_sum,
    cast(sum(complaints) as bigint) as complaints
from opinions
where customer_id is not null
group by customer_id
