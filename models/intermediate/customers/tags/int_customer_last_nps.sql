with

customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

stg_survey_responses as (
    select * from {{ ref('stg_survey_responses') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

answers as (
    select
        coalesce(customer_merges.customer_id, orders_valued.customer_id) as customer_id,
        stg_survey_responses.response_id,
        stg_survey_responses.score,
        coalesce(stg_survey_responses.responded_at, stg_survey_responses.invited_at) as answered_at
    from stg_survey_responses
    left join customer_merges on customer_merges.account_id = stg_survey_responses.customer_id
    left join orders_valued on orders_valued.order_id = stg_survey_responses.order_id
    where
        stg_survey_responses.survey_type = 'nps'
        and stg_survey_responses.score between 0 and 10
),

-- Answers of one moment: the larger id was given later.
ranked_answers as (
    select
        customer_id,
        score,
        row_number() over (
            partition by customer_id
            order by answered_at desc nulls last, response_id desc
        ) as answer_rank
    from answers
    where
        customer_id is not null
        and customer_id <> 'unknown'
)

select
    customer_id,
    score as nps_score
from ranked_answers
where answer_rank = 1
