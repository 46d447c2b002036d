with

touchpoints as (
    select * from {{ ref('int_touchpoints') }}
),

attribution_paths as (
    select * from {{ ref('int_attribution_paths') }}
),

steps as (
    select
        path_id,
        coalesce(lag(channel) over (partition by path_id order by touch_number), '(start)') as from_channel,
        channel as to_channel
    from touchpoints
    union all
    select
        path_id,
        channel as from_channel,
        case when order_id is null then '(lost)' else '(order)' end as to_channel
    from touchpoints
    where touch_number = touches
)

select
    attribution_paths.month,
    attribution_paths.order_type,
    steps.from_channel,
    steps.to_channel,
    count(*) as transitions,
    count(attribution_paths.order_id) as converting_transitions
from steps
inner join attribution_paths on attribution_paths.path_id = steps.path_id
group by attribution_paths.month, attribution_paths.order_type, steps.from_channel, steps.to_channel
