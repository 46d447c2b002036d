with

feedback as (select * from {{ ref('int_feedback') }}),

tickets as (select * from {{ ref('int_tickets') }}),

negative_feedback as (
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
    from tickets
    where is_complaint and aspect is not null
    union all
    select customer_id, 'complaints' as measure
    from tickets
    where is_complaint
),

-- Of two answers with the same time, the one with the larger id counts as later.
ranked_nps_answers as (
    select
        customer_id,
        score,
        row_number() over (
            partition by customer_id
            order by answered_at desc nulls last, source_id desc
        ) as answer_rank
    from feedback
    where
        survey_type = 'nps'
        and score between 0 and 10
),

measures as (
    select customer_id, measure, count(*) as measured
    from negative_feedback
    group by customer_id, measure
    union all
    select customer_id, 'nps_score' as measure, score as measured
    from ranked_nps_answers
    where answer_rank = 1
)

select
    customer_id,
    measure,
    cast(measured as decimal(18, 4)) as measured
from measures
where
    customer_id is not null
    and customer_id <> 'unknown'
