with

churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

churn_dates as (
    select * from {{ ref('int_churn_dates') }}
),

order_day_gaps as (
    select * from {{ ref('int_order_day_gaps') }}
),

-- A median of whole days is a whole number of half days, so that everything after it is exact.
own_gaps as (
    select
        churn_bases.customer_id,
        churn_bases.cutoff_date,
        cast(2 * median(order_day_gaps.gap_days) as bigint) as gap_half_days
    from churn_bases
    inner join order_day_gaps
        on order_day_gaps.customer_id = churn_bases.customer_id
        and order_day_gaps.gap_end_date <= churn_bases.cutoff_date
    group by churn_bases.customer_id, churn_bases.cutoff_date
),

shop_gaps as (
    select
        churn_dates.cutoff_date,
        cast(2 * median(order_day_gaps.gap_days) as bigint) as gap_half_days
    from churn_dates
    inner join order_day_gaps on order_day_gaps.gap_end_date <= churn_dates.cutoff_date
    group by churn_dates.cutoff_date
)

select
    churn_bases.customer_id,
    coalesce(own_gaps.gap_half_days, shop_gaps.gap_half_days) as gap_half_days,
    own_gaps.gap_half_days is not null as is_own_gap,
    churn_bases.cutoff_date
from churn_bases
inner join shop_gaps on shop_gaps.cutoff_date = churn_bases.cutoff_date
left join own_gaps
    on own_gaps.customer_id = churn_bases.customer_id
    and own_gaps.cutoff_date = churn_bases.cutoff_date
