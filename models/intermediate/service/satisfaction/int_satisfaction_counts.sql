{%- set dimensions = ['age_band', 'gender', 'customer_tier'] -%}
{%- set groups = ['sales_channel'] + dimensions -%}
with

feedback_profiles as (select * from {{ ref('int_feedback_profiles') }}),

service_rules as (select * from {{ ref('service_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

counted_feedback as (
    select
        feedback_profiles.feedback_month as month,
        feedback_profiles.survey_type,
        feedback_profiles.aspect,
        {%- for group in groups %}
        feedback_profiles.{{ group }},
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

-- Count each group per month and over all months together.
select
    {{ period_of('month') }} as period,
    survey_type,
    aspect,
    case when grouping(sales_channel) = 1 then 'all' else sales_channel end as sales_channel,
    case
        {%- for dimension in dimensions %}
        when grouping({{ dimension }}) = 0 then '{{ dimension }}'
        {%- endfor %}
        else 'all'
    end as dimension,
    case
        {%- for dimension in dimensions %}
        when grouping({{ dimension }}) = 0 then {{ dimension }}
        {%- endfor %}
        else 'all'
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
    {%- for period in ['month, ', ''] %}
    ({{ period }}survey_type, aspect),
    {%- set last_period = loop.last %}
    {%- for group in groups %}
    ({{ period }}survey_type, aspect, {{ group }}){{ "," if not (loop.last and last_period) }}
    {%- endfor %}
    {%- endfor %}
)
