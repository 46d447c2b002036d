-- At which step of the purchase funnel do sessions drop off, and on which device are most of them lost?
with

funnel_daily as (select * from {{ ref('funnel_daily') }}),

device_steps as (
    select
        device_type,
        step_number,
        step_name,
        cast(sum(entered) as bigint) as entered,
        cast(sum(reached) as bigint) as reached
    from funnel_daily
    where funnel = 'purchase'
    group by device_type, step_number, step_name
)

select
    device_type,
    step_number,
    step_name,
    entered,
    reached,
    entered - reached as dropped,
    {{ rounded_ratio('entered - reached', 'entered') }} as drop_off_rate
from device_steps
order by device_type, step_number
