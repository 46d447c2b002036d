-- Which promotion only moved regular sales? Each row is a promotion that can be compared: what its days brought the
-- shop above the same weekdays around it, what the four weeks behind it lost, and what is left. `moved_share` is the
-- part of the uplift that was lost again: 1 and above means that people bought what they would have bought later.
-- `verdict` says what the intervals allow to say: raised_sales (won, and more is left than nothing), lost_sales (less
-- is left than nothing), moved_sales (won, then lost, and what is left may be nothing), else not_told. With
-- `other_promotions` above 0 nobody can tell which of them did it. `lasting_margin` is what is left at the margin rate
-- of the promotion's orders, their discounts taken off.
with

promotion_performance as (
    select * from {{ ref('promotion_performance') }}
),

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
    end as moved_share,
    net_effect_amount,
    net_effect_amount_low,
    net_effect_amount_high,
    discount_cost,
    round(cast(net_effect_amount as double) * margin_rate, 2) as lasting_margin,
    other_promotions,
    case
        when uplift_amount_low > 0 and net_effect_amount_low > 0 then 'raised_sales'
        when net_effect_amount_high < 0 then 'lost_sales'
        when uplift_amount_low > 0 and change_after_amount_high < 0 then 'moved_sales'
        else 'not_told'
    end as verdict
from compared_promotions
order by net_effect_amount, promotion_code
