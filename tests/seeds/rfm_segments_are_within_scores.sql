-- A range outside 1 to 5, or inverted, never matches: the row would be a rule without effect.
select *
from {{ ref('rfm_segments') }}
where
    r_score_from not between 1 and r_score_to
    or r_score_to > 5
    or f_score_from not between 1 and f_score_to
    or f_score_to > 5
    or m_score_from not between 1 and m_score_to
    or m_score_to > 5
