-- A better value must not have a lower score, and equal values must have equal scores: the ranges of values of two
-- scores must not overlap.
with

customer_rfm as (select * from {{ ref('customer_rfm') }}),

measures as (
    select 'recency' as measure, r_score as score, cast(-recency_days as decimal(18, 2)) as goodness from customer_rfm
    union all
    select 'frequency' as measure, f_score as score, cast(frequency as decimal(18, 2)) as goodness from customer_rfm
    union all
    select 'monetary' as measure, m_score as score, monetary as goodness from customer_rfm
),

score_ranges as (
    select
        measure,
        score,
        min(goodness) as worst,
        lag(max(goodness)) over (partition by measure order by score) as best_below
    from measures
    where score is not null
    group by measure, score
)

select *
from score_ranges
where
    score not between 1 and 5
    or worst <= best_below
