-- A funnel that begins with an optional step cannot be entered. The macro funnel_progress follows at most twelve
-- required steps, so a longer funnel would end early.
with

funnel_steps as (select * from {{ ref('funnel_steps') }})

select funnel
from funnel_steps
group by funnel
having
    min(step_number) <> min(step_number) filter (where is_required)
    or count(*) filter (where is_required) not between 1 and 12
