with

customer_rfm_history as (select * from {{ ref('customer_rfm_history') }}),

rfm_dates as (select * from {{ ref('int_rfm_dates') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

months as (
    select {{ month_of('rfm_date') }} as month from rfm_dates where is_month_end
),

-- `unscored`: fewer than five customers. Null stays for customers outside the window.
month_segments as (
    select
        customer_id,
        coalesce(rfm_segment, 'unscored') as segment,
        {{ month_of('month_end_date') }} as month
    from customer_rfm_history
),

previous_segments as (
    select
        customer_id,
        segment,
        {{ month_plus('month', 1) }} as month
    from month_segments
),

month_revenue as (
    select
        customer_id,
        order_month as month,
        sum(net_revenue) as net_revenue
    from orders_valued
    where is_valid
    group by customer_id, order_month
),

moves as (
    select
        coalesce(month_segments.customer_id, previous_segments.customer_id) as customer_id,
        previous_segments.segment as from_segment,
        month_segments.segment as to_segment,
        coalesce(month_segments.month, previous_segments.month) as month
    from month_segments
    full outer join previous_segments
        on previous_segments.customer_id = month_segments.customer_id
        and previous_segments.month = month_segments.month
)

select
    moves.month,
    moves.from_segment,
    moves.to_segment,
    count(*) as customers,
    {{ money('coalesce(sum(month_revenue.net_revenue), 0)') }} as net_revenue
from moves
inner join months on months.month = moves.month
left join month_revenue
    on month_revenue.customer_id = moves.customer_id
    and month_revenue.month = moves.month
group by moves.month, moves.from_segment, moves.to_segment
