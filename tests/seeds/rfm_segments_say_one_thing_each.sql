-- A segment that is called or treated differently in two rows would tell marketing two things.
select rfm_segment
from {{ ref('rfm_segments') }}
group by rfm_segment
having
    count(distinct label) > 1
    or count(distinct label_zh) > 1
    or count(distinct recommended_action) > 1
    or count(distinct recommended_action_zh) > 1
