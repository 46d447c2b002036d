with

attribution_paths as (select * from {{ ref('int_attribution_paths') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

path_totals as (
    select
        path,
        min(touches) as touches,
        count(*) as paths,
        count(order_id) as conversions,
        count(*) filter (where order_id is not null and order_type = 'first') as first_conversions,
        count(*) filter (where order_id is not null and order_type = 'repeat') as repeat_conversions,
        count(*) filter (where order_id is null) as non_conversions,
        sum(net_revenue) as revenue,
        count(path_seconds) as timed_conversions,
        cast(sum(path_seconds) as bigint) as path_seconds
    from attribution_paths
    where order_type <> 'renewal'
    group by path
),

-- Without orders landed no path is known to have failed.
known_totals as (
    select
        path_totals.path, path_totals.touches, path_totals.paths, path_totals.path_seconds,
        {%- for column in [
            'conversions', 'first_conversions', 'repeat_conversions', 'non_conversions', 'revenue', 'timed_conversions'
        ] %}
        {{ zero_if_landed('path_totals.' ~ column, 'inputs_present.has_orders') }} as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from path_totals
    cross join inputs_present
)

select
    path, touches, paths, conversions, first_conversions, repeat_conversions, non_conversions,
    {{ rounded_ratio('conversions', 'paths') }} as conversion_rate,
    {{ money('revenue') }} as revenue,
    path_seconds,
    {{ rounded_ratio('path_seconds', '(86400 * timed_conversions)') }} as days
from known_totals
