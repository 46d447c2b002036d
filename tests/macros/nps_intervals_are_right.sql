-- The macro against the mean and variance of answers of 1, 0 and -1 (NumPy 2) with SciPy's normal quantile, to 1e-7:
-- cut at the ends of the scale, of width 0 where all answers are equal, null without answers.
with

cases as (
    select 100 as promoters, 40 as detractors, 200 as answers, '19.1757451050' as low, '40.8242548950' as high
    union all
    select 9 as promoters, 0 as detractors, 10 as answers, '71.4061490309' as low, '100.0000000000' as high
    union all
    select 0 as promoters, 9 as detractors, 10 as answers, '-100.0000000000' as low, '-71.4061490309' as high
    union all
    select 10 as promoters, 0 as detractors, 10 as answers, '100.0000000000' as low, '100.0000000000' as high
    union all
    select 3 as promoters, 3 as detractors, 12 as answers, '-40.0075973030' as low, '40.0075973030' as high
    union all
    select 1 as promoters, 0 as detractors, 1000000 as answers, '-0.0000959963' as low, '0.0002959963' as high
    union all
    select
        0 as promoters,
        0 as detractors,
        0 as answers,
        cast(null as {{ dbt.type_string() }}) as low,
        cast(null as {{ dbt.type_string() }}) as high
),

computed as (
    select
        promoters,
        detractors,
        answers,
        low,
        high,
        {{ nps_low('promoters', 'detractors', 'answers') }} as actual_low,
        {{ nps_high('promoters', 'detractors', 'answers') }} as actual_high
    from cases
)

select *
from computed
where
    coalesce(abs(actual_low - cast(low as double)) > 1e-7, (actual_low is null) <> (low is null))
    or coalesce(abs(actual_high - cast(high as double)) > 1e-7, (actual_high is null) <> (high is null))
