with

stg_promotions as (select * from {{ ref('stg_promotions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_promotions as (select * from {{ ref('int_order_promotions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

used_codes as (
    select
        order_promotions.promotion_code,
        min(orders_valued.order_date) as first_order_date,
        max(orders_valued.order_date) as last_order_date
    from order_promotions
    inner join orders_valued on orders_valued.order_id = order_promotions.order_id
    where orders_valued.is_valid
    group by order_promotions.promotion_code
),

-- The full join keeps codes that only orders carry, so that their discounts belong to a promotion.
all_promotions as (
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

-- Days of the promotion up to the as-of date: from its start, else from its first order. Without an end, it is still
-- running.
select
    all_promotions.promotion_code,
    all_promotions.promotion_name,
    all_promotions.promotion_type,
    all_promotions.is_known,
    all_promotions.end_date <= stg_run_period.as_of_date as is_complete,
    all_promotions.start_date,
    all_promotions.end_date,
    coalesce(all_promotions.start_date, all_promotions.first_order_date) as ran_from_date,
    case
        when all_promotions.is_known
            then least(coalesce(all_promotions.end_date, stg_run_period.as_of_date), stg_run_period.as_of_date)
        else all_promotions.last_order_date
    end as ran_to_date
from all_promotions
cross join stg_run_period
