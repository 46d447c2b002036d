-- The customers of a cell without a segment would be on no segment's list; those of a cell with two would be on both.
with

rfm_segments as (select * from {{ ref('rfm_segments') }}),

scores as (
    select 1 as score
    union all
    select 2 as score
    union all
    select 3 as score
    union all
    select 4 as score
    union all
    select 5 as score
)

select
    r_scores.score as r_score,
    f_scores.score as f_score,
    m_scores.score as m_score,
    count(rfm_segments.rfm_segment) as segments
from scores as r_scores
cross join scores as f_scores
cross join scores as m_scores
left join rfm_segments
    on r_scores.score between rfm_segments.r_score_from and rfm_segments.r_score_to
    and f_scores.score between rfm_segments.f_score_from and rfm_segments.f_score_to
    and m_scores.score between rfm_segments.m_score_from and rfm_segments.m_score_to
group by r_scores.score, f_scores.score, m_scores.score
having count(rfm_segments.rfm_segment) <> 1
