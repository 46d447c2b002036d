-- Rows of one segment must have the same labels and actions; otherwise marketing would treat it in two ways.
select rfm_segment
from {{ ref('rfm_segments') }}
group by rfm_segment
having
    count(distinct label) > 1
    or count(distinct label_zh) > 1
    or count(distinct recommended_action) > 1
    or count(distinct recommended_action_zh) > 1
