with

promotion_facts as (select * from {{ ref('int_promotion_facts') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

promotions_compared as (select * from {{ ref('int_promotions_compared') }}),

promotion_effects as (select * from {{ ref('int_promotion_effects') }})

select
    promotion_facts.promotion_code,
    promotion_facts.promotion_name,
    promotion_facts.promotion_type,
    promotion_facts.orders,
    promotion_facts.orders_outside_dates,
    promotion_facts.customers,
    promotion_facts.new_customers,
    {{ rounded_ratio('promotion_facts.new_customers', 'promotion_facts.customers') }} as new_customer_share,
    promotion_facts.gross_amount,
    promotion_facts.item_discount_amount,
    promotion_facts.order_discount_amount,
    {{ money('promotion_facts.item_discount_amount + promotion_facts.order_discount_amount') }} as discount_cost,
    {{ rounded_ratio(
        '(promotion_facts.item_discount_amount + promotion_facts.order_discount_amount)', 'promotion_facts.gross_amount'
    ) }}
    as discount_share,
    promotion_facts.shipping_discount_amount,
    promotion_facts.net_revenue,
    {{ mean_amount('promotion_facts.net_revenue', 'promotion_facts.orders') }} as aov,
    promotion_facts.orders_without,
    promotion_facts.net_revenue_without,
    {{ mean_amount('promotion_facts.net_revenue_without', 'promotion_facts.orders_without') }} as aov_without,
    {{ known_margin('promotion_facts') }} as margin_after_discount,
    promotion_facts.covered_net_revenue,
    {{ rounded_ratio('promotion_facts.covered_net_revenue', 'promotion_facts.net_revenue') }} as margin_covered_share,
    {{ rounded_ratio('promotion_facts.covered_gross_margin', 'promotion_facts.covered_net_revenue') }} as margin_rate,
    promotion_facts.covered_gross_margin_without,
    promotion_facts.covered_net_revenue_without,
    {{ rounded_ratio('promotion_facts.covered_gross_margin_without', 'promotion_facts.covered_net_revenue_without') }}
    as margin_rate_without,
    promotion_effects.promotion_days,
    promotion_effects.regular_net_revenue,
    promotion_effects.period_net_revenue,
    promotion_effects.uplift_amount,
    promotion_effects.uplift_amount_low,
    promotion_effects.uplift_amount_high,
    promotion_effects.regular_net_revenue_after,
    promotion_effects.net_revenue_after,
    promotion_effects.change_after_amount,
    promotion_effects.change_after_amount_low,
    promotion_effects.change_after_amount_high,
    promotion_effects.net_effect_amount,
    promotion_effects.net_effect_amount_low,
    promotion_effects.net_effect_amount_high,
    promotions_compared.other_promotions,
    promotion_facts.is_known,
    promotion_facts.is_complete,
    greatest(promotion_effects.uplift_amount, promotion_effects.net_effect_amount) <= promotion_facts.net_revenue
        as is_effect_plausible,
    promotion_facts.start_date,
    promotion_facts.end_date
from promotion_facts
cross join inputs_present
left join promotions_compared on promotions_compared.promotion_code = promotion_facts.promotion_code
left join promotion_effects on promotion_effects.promotion_code = promotion_facts.promotion_code
