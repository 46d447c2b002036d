with

satisfaction_rates as (select * from {{ ref('int_satisfaction_rates') }})

select
    survey_type,
    aspect,
    dimension,
    level,
    invited,
    responses,
    matured_invited,
    matured_responses,
    response_rate,
    satisfied,
    neutral,
    dissatisfied,
    score,
    score_low,
    score_high,
    rating,
    month
from satisfaction_rates
where dimension <> 'sales_channel'
