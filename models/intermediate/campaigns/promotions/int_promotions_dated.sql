with

stg_promotions as (
    select * from {{ ref('stg_promotions') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

used_codes as (
    select
        promotion_code,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from orders_valued
    where is_valid and promotion_code is not null
    group by promotion_code
),

-- A code that orders carry is a promotion all the same, or its discounts would be nobody's.
promotions as (
    select
        coalesce(stg_promotions.promotion_code, used_codes.promotion_code) as promotion_code,
        stg_promotions.promotion_name,
        stg_promotions.promotion_type,
        stg_promotions.promotion_code is not null as is_known,
        {{ local_date('stg_promotions.starts_at') }} as start_date,
        {{ local_date('stg_promotions.ends_at') }} as end_date,
        used_codes.first_order_date,
        used_codes.last_order_date
    from stg_promotions
    full join used_codes on used_codes.promotion_code = stg_promotions.promotion_code
)

-- Its days as far as they are over: what it says itself, else from its first order on; one without an end still runs.
select
    promotions.promotion_code,
    promotions.promotion_name,
    promotions.promotion_type,
    promotions.is_known,
    promotions.end_date <= run_period.as_of_date as is_complete,
    promotions.start_date,
    promotions.end_date,
    coalesce(promotions.start_date, promotions.first_order_date) as ran_from_date,
    case
        when promotions.is_known then least(coalesce(promotions.end_date, run_period.as_of_date), run_period.as_of_date)
        else promotions.last_order_date
    end as ran_to_date
from promotions
cross join run_period
