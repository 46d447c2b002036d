-- Where do sessions leave the purchase funnel, and on which device is it worst?
with

funnel_daily as (
    select * from {{ ref('funnel_daily') }}
),

steps as (
    select
        device_type,
        step_number,
        step_name,
        cast(sum(entered) as bigint) as entered,
        cast(sum(reached) as bigint) as reached
    from funnel_daily
    where funnel = 'purchase' and scope = 'session'
    group by device_type, step_number, step_name
)

select
    device_type,
    step_number,
    step_name,
    entered,
    reached,
    entered - reached as lost,
    {{ rounded_ratio('entered - reached', 'entered') }} as lost_rate
from steps
order by device_type, step_number
