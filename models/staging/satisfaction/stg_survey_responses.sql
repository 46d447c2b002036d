with

base_survey_responses as (select * from {{ ref('base_survey_responses') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_survey_responses.response_id,
    base_survey_responses.customer_id,
    base_survey_responses.order_id,
    base_survey_responses.survey_type,
    base_survey_responses.aspect,
    base_survey_responses.invited_at,
    {{ value_if_before(
        'base_survey_responses.score', 'base_survey_responses.responded_at', 'stg_run_period.as_of_end_at'
    ) }} as score,
    base_survey_responses.comment,
    {{ if_before('base_survey_responses.responded_at', 'stg_run_period.as_of_end_at') }} as responded_at
from base_survey_responses
cross join stg_run_period
where
    base_survey_responses.is_current
    and (base_survey_responses.invited_at is null or base_survey_responses.invited_at < stg_run_period.as_of_end_at)
