with

touchpoints as (select * from {{ ref('int_touchpoints') }}),

steps as (
    select
        month,
        order_type,
        order_id,
        coalesce(lag(channel) over (partition by path_id order by touch_number), '(start)') as from_channel,
        channel as to_channel
    from touchpoints
    union all
    select
        month,
        order_type,
        order_id,
        channel as from_channel,
        case when order_id is null then '(lost)' else '(order)' end as to_channel
    from touchpoints
    where touch_number = touches
)

select
    month,
    order_type,
    from_channel,
    to_channel,
    count(*) as transitions,
    count(order_id) as converting_transitions
from steps
group by month, order_type, from_channel, to_channel
