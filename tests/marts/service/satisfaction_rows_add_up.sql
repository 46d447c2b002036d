-- Channels, age bands, genders and tiers each hold every answer once, and the months add up to the whole. Otherwise
-- the same score would differ between charts.
{%- set measures = ['invited', 'responses', 'satisfied', 'neutral', 'dissatisfied'] %}
with

satisfaction_scores as (select * from {{ ref('satisfaction_scores') }}),

labelled_rows as (
    select
        period,
        survey_type,
        aspect,
        case when sales_channel <> 'all' then 'sales_channel' else dimension end as split_by,
        {%- for measure in measures %}
        coalesce({{ measure }}, 0) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from satisfaction_scores
),

split_totals as (
    select
        period,
        survey_type,
        aspect,
        split_by,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from labelled_rows
    group by period, survey_type, aspect, split_by
),

splits as (
    select 'sales_channel' as split_by
    union all
    select 'age_band' as split_by
    union all
    select 'gender' as split_by
    union all
    select 'customer_tier' as split_by
),

whole_rows as (
    select
        split_totals.period,
        split_totals.survey_type,
        split_totals.aspect,
        splits.split_by,
        {%- for measure in measures %}
        split_totals.{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from split_totals
    cross join splits
    where split_totals.split_by = 'all'
    union all
    select
        'all' as period,
        survey_type,
        aspect,
        'all' as split_by,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from split_totals
    where
        split_by = 'all'
        and period <> 'all'
    group by survey_type, aspect
)

select
    whole_rows.period,
    whole_rows.survey_type,
    whole_rows.aspect,
    whole_rows.split_by,
    whole_rows.responses,
    split_totals.responses as split_responses
from whole_rows
left join split_totals
    on split_totals.period = whole_rows.period
    and split_totals.survey_type = whole_rows.survey_type
    and split_totals.aspect = whole_rows.aspect
    and split_totals.split_by = whole_rows.split_by
where
    {%- for measure in measures %}
    {{ "or " if not loop.first }}split_totals.{{ measure }} is distinct from whole_rows.{{ measure }}
    {%- endfor %}
    or whole_rows.satisfied + whole_rows.neutral + whole_rows.dissatisfied <> whole_rows.responses
