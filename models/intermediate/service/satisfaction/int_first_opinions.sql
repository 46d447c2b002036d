with

answers as (
    select * from {{ ref('int_feedback') }}
    where answered_date is not null and customer_id <> 'unknown'
),

customer_rfm as (
    select * from {{ ref('int_customer_rfm') }}
),

-- The segment of the month end before the answer: that of today would already know what came after.
answers_in_segments as (
    select
        answers.customer_id,
        case
            when customer_rfm.customer_id is null then 'none'
            else coalesce(customer_rfm.rfm_segment, 'unscored')
        end as rfm_segment,
        answers.satisfaction_band,
        answers.day_priority,
        answers.answered_date
    from answers
    left join customer_rfm
        on customer_rfm.customer_id = answers.customer_id
        and customer_rfm.rfm_date = cast({{ dbt.dateadd('day', -1, month_of('answers.answered_date')) }} as date)
),

-- The first day of answers in a segment, since a later one is chosen by who came back to give it; of one day the worst.
ranked_answers as (
    select
        customer_id,
        rfm_segment,
        satisfaction_band,
        answered_date,
        row_number() over (
            partition by customer_id, rfm_segment
            order by answered_date, day_priority, satisfaction_band
        ) as answer_place
    from answers_in_segments
)

select
    customer_id,
    rfm_segment,
    satisfaction_band,
    answered_date as opinion_date
from ranked_answers
where answer_place = 1
