with

attribution_paths as (select * from {{ ref('int_attribution_paths') }}),

path_totals as (
    select
        path,
        min(touches) as touches,
        count(*) as paths,
        count(order_id) as conversions,
        count(*) filter (where order_id is not null and order_type = 'first') as first_conversions,
        count(*) filter (where order_id is not null and order_type = 'repeat') as repeat_conversions,
        count(*) filter (where order_id is null) as non_conversions,
        {{ money('coalesce(sum(net_revenue), 0)') }} as revenue,
        count(path_seconds) as timed_conversions,
        cast(sum(path_seconds) as bigint) as path_seconds
    from attribution_paths
    where order_type <> 'renewal'
    group by path
)

select
    path,
    touches,
    paths,
    conversions,
    first_conversions,
    repeat_conversions,
    non_conversions,
    {{ rounded_ratio('conversions', 'paths') }} as conversion_rate,
    revenue,
    path_seconds,
    {{ rounded_ratio('path_seconds', '(86400 * timed_conversions)') }} as days
from path_totals
