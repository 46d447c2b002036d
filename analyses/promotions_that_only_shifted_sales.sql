-- Which promotions only shifted sales from later weeks? One row per promotion that can be compared: the revenue of its
-- days above the same weekdays around it, the change in the four weeks after it, and the net effect. `shifted_share`
-- is the part of the uplift lost again afterwards; 1 or more means that customers only bought earlier what they would
-- have bought anyway. `verdict` says what the intervals support: raised_sales (uplift and net effect above 0),
-- lost_sales (net effect below 0), shifted_sales (uplift above 0, then a loss, net effect may be 0), else unclear. If
-- `other_promotions` is above 0, the effect can't be assigned to one promotion. `lasting_margin` is the net effect at
-- the margin rate of the promotion's orders after discounts.
with

promotion_performance as (select * from {{ ref('promotion_performance') }}),

compared_promotions as (
    select
        promotion_code,
        promotion_name,
        promotion_days,
        discount_cost,
        uplift_amount,
        uplift_amount_low,
        change_after_amount,
        change_after_amount_high,
        net_effect_amount,
        net_effect_amount_low,
        net_effect_amount_high,
        margin_rate,
        other_promotions
    from promotion_performance
    where promotion_days is not null
)

select
    promotion_code,
    promotion_name,
    promotion_days,
    uplift_amount,
    change_after_amount,
    case
        when uplift_amount > 0 and change_after_amount <= 0
            then {{ rounded_ratio('-change_after_amount', 'uplift_amount') }}
    end as shifted_share,
    net_effect_amount,
    net_effect_amount_low,
    net_effect_amount_high,
    discount_cost,
    round(cast(net_effect_amount as double) * margin_rate, 2) as lasting_margin,
    other_promotions,
    case
        when uplift_amount_low > 0 and net_effect_amount_low > 0 then 'raised_sales'
        when net_effect_amount_high < 0 then 'lost_sales'
        when uplift_amount_low > 0 and change_after_amount_high < 0 then 'shifted_sales'
        else 'unclear'
    end as verdict
from compared_promotions
order by net_effect_amount, promotion_code
