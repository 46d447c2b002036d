-- Age bands, genders and tiers each hold every answer of the month once. Otherwise the same score would differ between
-- charts.
{%- set measures = ['invited', 'responses', 'satisfied', 'neutral', 'dissatisfied'] %}
with

satisfaction_scores as (select * from {{ ref('satisfaction_scores') }}),

satisfaction_by_group as (select * from {{ ref('satisfaction_by_group') }}),

channel_totals as (
    select
        month,
        survey_type,
        aspect,
        {%- for measure in measures %}
        coalesce(sum({{ measure }}), 0) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from satisfaction_scores
    group by month, survey_type, aspect
),

dimensions as (
    select 'age_band' as dimension
    union all
    select 'gender' as dimension
    union all
    select 'customer_tier' as dimension
),

group_totals as (
    select
        month,
        survey_type,
        aspect,
        dimension,
        {%- for measure in measures %}
        coalesce(sum({{ measure }}), 0) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from satisfaction_by_group
    group by month, survey_type, aspect, dimension
)

select
    channel_totals.month,
    channel_totals.survey_type,
    channel_totals.aspect,
    dimensions.dimension,
    channel_totals.responses,
    group_totals.responses as group_responses
from channel_totals
cross join dimensions
left join group_totals
    on group_totals.survey_type = channel_totals.survey_type
    and group_totals.aspect = channel_totals.aspect
    and group_totals.dimension = dimensions.dimension
    and group_totals.month is not distinct from channel_totals.month
where
    {%- for measure in measures %}
    {{ "or " if not loop.first }}group_totals.{{ measure }} is distinct from channel_totals.{{ measure }}
    {%- endfor %}
    or channel_totals.satisfied + channel_totals.neutral + channel_totals.dissatisfied <> channel_totals.responses
