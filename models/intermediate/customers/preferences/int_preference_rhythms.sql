with

preference_views as (select * from {{ ref('int_preference_views') }}),

preference_purchases as (select * from {{ ref('int_preference_purchases') }}),

order_days as (
    select distinct
        customer_id,
        kind,
        preference,
        order_date
    from preference_purchases
),

gaps as (
    select
        customer_id,
        kind,
        preference,
        {{ days_between(
            'lag(order_date) over (partition by customer_id, kind, preference order by order_date)', 'order_date'
        ) }} as gap_days
    from order_days
),

moments as (
    select customer_id, kind, preference, 0 as is_order, occurred_at as moment_at
    from preference_views
    where is_view
    union all
    select distinct customer_id, kind, preference, 1 as is_order, date_trunc('second', ordered_at) as moment_at
    from preference_purchases
),

-- A view belongs to the next order of the same value. Within one second the view comes before the order.
views_with_orders as (
    select
        customer_id,
        kind,
        preference,
        is_order,
        min(case when is_order = 1 then moment_at end) over (
            partition by customer_id, kind, preference
            order by moment_at, is_order
            rows between current row and unbounded following
        ) as next_order_at,
        moment_at
    from moments
),

decisions as (
    select
        customer_id,
        kind,
        preference,
        {{ days_between(local_date('min(moment_at)'), local_date('next_order_at')) }} as decision_days
    from views_with_orders
    where
        is_order = 0
        and next_order_at is not null
    group by customer_id, kind, preference, next_order_at
),

spans as (
    select customer_id, kind, preference, gap_days, cast(null as bigint) as decision_days from gaps
    union all
    select customer_id, kind, preference, cast(null as bigint) as gap_days, decision_days from decisions
)

select
    customer_id,
    kind,
    preference,
    cast(median(gap_days) as decimal(18, 1)) as median_gap_days,
    cast(median(decision_days) as decimal(18, 1)) as median_decision_days
from spans
group by customer_id, kind, preference
