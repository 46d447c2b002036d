with

satisfaction_counts as (select * from {{ ref('int_satisfaction_counts') }}),

service_rules as (select * from {{ ref('service_rules') }}),

-- A keyword in a review shows its aspect, not whether it was praised, so these rows have no score.
scored_counts as (
    select
        satisfaction_counts.survey_type,
        satisfaction_counts.aspect,
        satisfaction_counts.dimension,
        satisfaction_counts.level,
        satisfaction_counts.invited,
        satisfaction_counts.responses,
        satisfaction_counts.matured_invited,
        satisfaction_counts.matured_responses,
        satisfaction_counts.satisfied,
        satisfaction_counts.neutral,
        satisfaction_counts.dissatisfied,
        satisfaction_counts.score_sum,
        satisfaction_counts.score_square_sum,
        case
            when satisfaction_counts.survey_type = 'nps' then 'net'
            when satisfaction_counts.survey_type = 'csat' then 'share'
            when satisfaction_counts.survey_type = 'rating' and satisfaction_counts.aspect = 'overall' then 'share'
            when satisfaction_counts.survey_type <> 'rating' then 'mean'
        end as score_kind,
        satisfaction_counts.responses >= service_rules.interval_answers_from as has_interval,
        satisfaction_counts.month
    from satisfaction_counts
    cross join service_rules
)

select
    survey_type,
    aspect,
    dimension,
    level,
    invited,
    responses,
    matured_invited,
    case when matured_invited is not null then matured_responses end as matured_responses,
    {{ rounded_ratio('matured_responses', 'matured_invited') }} as response_rate,
    satisfied,
    neutral,
    dissatisfied,
    case score_kind
        when 'net' then {{ rounded_ratio('(100 * (satisfied - dissatisfied))', 'responses') }}
        when 'share' then {{ rounded_ratio('satisfied', 'responses') }}
        when 'mean' then {{ rounded_ratio('score_sum', 'responses') }}
    end as score,
    case
        when score_kind = 'share' then {{ wilson_low('satisfied', 'responses') }}
        when score_kind = 'net' and has_interval then {{ nps_low('satisfied', 'dissatisfied', 'responses') }}
        when score_kind = 'mean' and has_interval then {{ mean_low('score_sum', 'score_square_sum', 'responses') }}
    end as score_low,
    case
        when score_kind = 'share' then {{ wilson_high('satisfied', 'responses') }}
        when score_kind = 'net' and has_interval then {{ nps_high('satisfied', 'dissatisfied', 'responses') }}
        when score_kind = 'mean' and has_interval then {{ mean_high('score_sum', 'score_square_sum', 'responses') }}
    end as score_high,
    case when survey_type = 'rating' then {{ rounded_ratio('score_sum', 'responses') }} end as rating,
    month
from scored_counts
