with

touchpoints as (select * from {{ ref('int_touchpoints') }}),

attribution_models as (select * from {{ ref('attribution_models') }}),

converting_touches as (
    select
        order_id,
        channel,
        touch_number,
        age_seconds,
        channel = 'direct' as is_direct,
        max(case when channel <> 'direct' then 1 else 0 end) over (partition by order_id) = 0 as is_only_direct
    from touchpoints
    where order_id is not null
),

-- A model that ignores direct numbers the places on the path without it.
model_touches as (
    select
        converting_touches.order_id,
        attribution_models.model,
        converting_touches.channel,
        attribution_models.method,
        converting_touches.touch_number,
        row_number() over (
            partition by converting_touches.order_id, attribution_models.model order by converting_touches.touch_number
        ) as place,
        count(*) over (partition by converting_touches.order_id, attribution_models.model) as places,
        attribution_models.first_percent,
        attribution_models.last_percent,
        attribution_models.half_life_days,
        converting_touches.age_seconds
        - min(converting_touches.age_seconds) over (
            partition by converting_touches.order_id, attribution_models.model
        ) as seconds_before_last
    from converting_touches
    cross join attribution_models
    where
        attribution_models.method <> 'markov'
        and (
            not attribution_models.ignores_direct
            or not converting_touches.is_direct
            or converting_touches.is_only_direct
        )
),

-- Weights are whole numbers, so that sums do not depend on the order of rows: percent times the number of touches
-- between first and last, and for time decay parts of 10^10 of the latest touch.
weighted_touches as (
    select
        order_id,
        model,
        channel,
        touch_number,
        case
            when method = 'time_decay'
                then greatest(
                    cast(
                        round(
                            10000000000
                            * power(
                                cast(0.5 as double), cast(seconds_before_last as double) / (half_life_days * 86400)
                            )
                        )
                        as bigint
                    ),
                    1
                )
            when method = 'equal' or places = 1 then 1
            when place = 1 then first_percent * greatest(places - 2, 1)
            when place = places then last_percent * greatest(places - 2, 1)
            else 100 - first_percent - last_percent
        end as weight
    from model_touches
)

select
    order_id,
    model,
    channel,
    min(touch_number) as first_touch_number,
    cast(sum(weight) as decimal(17, 0)) as weight
from weighted_touches
group by order_id, model, channel
having sum(weight) > 0
