-- An answer outside every score would bias the score towards the answers that are counted.
with

satisfaction_scores as (select * from {{ ref('satisfaction_scores') }}),

stg_survey_responses as (select * from {{ ref('stg_survey_responses') }}),

stg_reviews as (select * from {{ ref('stg_reviews') }}),

heard as (
    select
        coalesce(sum(invited), 0) as invited,
        coalesce(sum(responses) filter (where survey_type <> 'rating'), 0) as answers,
        coalesce(sum(responses) filter (where survey_type = 'rating' and aspect = 'overall'), 0) as reviews
    from satisfaction_scores
),

asked as (
    select
        count(invited_at) as invited,
        count(score) filter (where coalesce(invited_at, responded_at) is not null) as answers
    from stg_survey_responses
    where survey_type is not null
),

written as (
    select count(*) as reviews from stg_reviews
)

select
    heard.invited,
    asked.invited as staged_invited,
    heard.answers,
    asked.answers as staged_answers,
    heard.reviews,
    written.reviews as staged_reviews
from heard
cross join asked
cross join written
where
    heard.invited <> asked.invited
    or heard.answers <> asked.answers
    or heard.reviews <> written.reviews
