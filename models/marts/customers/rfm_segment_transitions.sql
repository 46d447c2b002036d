with

rfm_history as (
    select * from {{ ref('customer_rfm_history') }}
),

rfm_dates as (
    select * from {{ ref('int_rfm_dates') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

months as (
    select {{ month_of('rfm_date') }} as month from rfm_dates where is_month_end
),

-- Too few customers to be scored is a state of its own; null is kept for those outside the window.
standings as (
    select
        customer_id,
        coalesce(rfm_segment, 'unscored') as segment,
        {{ month_of('month_end_date') }} as month
    from rfm_history
),

previous_standings as (
    select
        customer_id,
        segment,
        {{ month_plus('month', 1) }} as month
    from standings
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
        coalesce(standings.customer_id, previous_standings.customer_id) as customer_id,
        previous_standings.segment as from_segment,
        standings.segment as to_segment,
        coalesce(standings.month, previous_standings.month) as month
    from standings
    full outer join previous_standings
        on previous_standings.customer_id = standings.customer_id
        and previous_standings.month = standings.month
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
