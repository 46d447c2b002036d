-- A survey type without its three bands would show no dissatisfied customers and look better than it is.
with

satisfaction_bands as (select * from {{ ref('satisfaction_bands') }}),

band_counts as (
    select
        survey_type,
        count(distinct satisfaction_band) as bands,
        count(distinct day_priority) as priorities
    from satisfaction_bands
    group by survey_type
)

select
    count(*) as survey_types,
    min(bands) as fewest_bands,
    min(priorities) as fewest_priorities
from band_counts
having count(*) <> 5 or min(bands) <> 3 or min(priorities) <> 3
