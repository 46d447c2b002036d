with

feedback as (select * from {{ ref('int_feedback') }}),

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

-- The segment of the month end before the answer; today's segment would depend on what the customer did after it.
segmented_answers as (
    select
        feedback.customer_id,
        case
            when int_customer_rfm.customer_id is null then 'none'
            else coalesce(int_customer_rfm.rfm_segment, 'unscored')
        end as rfm_segment,
        feedback.satisfaction_band,
        feedback.day_priority,
        feedback.answered_date
    from feedback
    left join int_customer_rfm
        on int_customer_rfm.customer_id = feedback.customer_id
        and int_customer_rfm.rfm_date = cast({{ dbt.dateadd('day', -1, month_of('feedback.answered_date')) }} as date)
    where
        feedback.answered_date is not null
        and feedback.customer_id <> 'unknown'
),

-- Keep the first day of answers in a segment, because only customers who came back give later answers. Of one day,
-- keep the worst band.
ranked_answers as (
    select
        customer_id,
        rfm_segment,
        satisfaction_band,
        answered_date,
        row_number() over (
            partition by customer_id, rfm_segment
            order by answered_date, day_priority, satisfaction_band
        ) as answer_rank
    from segmented_answers
)

select
    customer_id,
    rfm_segment,
    satisfaction_band,
    answered_date as opinion_date
from ranked_answers
where answer_rank = 1
