with

base_promotions as (select * from {{ ref('base_promotions') }})

select
    base_promotions.promotion_code,
    base_promotions.promotion_name,
    base_promotions.promotion_type,
    base_promotions.starts_at,
    base_promotions.ends_at,
    base_promotions.discount_rate,
    base_promotions.threshold_amount
from base_promotions
where base_promotions.is_current
