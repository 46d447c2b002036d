with

touchpoints as (select * from {{ ref('int_touchpoints') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

touched_paths as (
    select
        path_id,
        order_id,
        order_type,
        {{ joined_in_order('channel', 'touch_number', ' > ') }} as path,
        count(*) as touches,
        max(age_seconds) as path_seconds,
        min(month) as month
    from touchpoints
    group by path_id, order_id, order_type
)

-- An order without a touch is a path as well, so that paths add up to the shop.
select
    'order:' || orders_valued.order_id as path_id,
    orders_valued.order_id,
    case
        when orders_valued.is_renewal then 'renewal'
        when orders_valued.is_first_order then 'first'
        else 'repeat'
    end as order_type,
    coalesce(touched_paths.path, 'unattributed') as path,
    coalesce(touched_paths.touches, 0) as touches,
    touched_paths.path_seconds,
    orders_valued.net_revenue,
    orders_valued.order_month as month
from orders_valued
left join touched_paths on touched_paths.order_id = orders_valued.order_id
where orders_valued.is_valid
union all
select
    path_id,
    order_id,
    order_type,
    path,
    touches,
    path_seconds,
    cast(null as decimal(18, 2)) as net_revenue,
    month
from touched_paths
where order_id is null
