{%- set dimensions = ['sales_channel', 'age_band', 'gender', 'customer_tier'] -%}
with

feedback_profiles as (select * from {{ ref('int_feedback_profiles') }}),

service_rules as (select * from {{ ref('service_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

counted_feedback as (
    select
        feedback_profiles.feedback_month as month,
        feedback_profiles.survey_type,
        feedback_profiles.aspect,
        {%- for dimension in dimensions %}
        feedback_profiles.{{ dimension }},
        {%- endfor %}
        feedback_profiles.satisfaction_band,
        feedback_profiles.score,
        feedback_profiles.invited_date,
        coalesce(
            {{ days_between(
                'feedback_profiles.invited_date', 'stg_run_period.as_of_date'
            ) }} >= service_rules.answer_days,
            false
        ) as is_matured
    from feedback_profiles
    cross join service_rules
    cross join stg_run_period
)

-- Each dimension holds all feedback of a month once.
select
    survey_type,
    aspect,
    case
        {%- for dimension in dimensions %}
        when grouping({{ dimension }}) = 0 then '{{ dimension }}'
        {%- endfor %}
    end as dimension,
    case
        {%- for dimension in dimensions %}
        when grouping({{ dimension }}) = 0 then {{ dimension }}
        {%- endfor %}
    end as level,
    nullif(count(invited_date), 0) as invited,
    count(score) as responses,
    nullif(count(*) filter (where is_matured), 0) as matured_invited,
    count(score) filter (where is_matured) as matured_responses,
    count(*) filter (where satisfaction_band = 'satisfied') as satisfied,
    count(*) filter (where satisfaction_band = 'neutral') as neutral,
    count(*) filter (where satisfaction_band = 'dissatisfied') as dissatisfied,
    cast(sum(score) as decimal(28, 6)) as score_sum,
    cast(sum(cast(score as decimal(9, 6)) * cast(score as decimal(9, 6))) as decimal(38, 12)) as score_square_sum,
    month
from counted_feedback
group by grouping sets (
    {%- for dimension in dimensions %}
    (month, survey_type, aspect, {{ dimension }}){{ "," if not loop.last }}
    {%- endfor %}
)
