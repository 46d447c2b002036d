with

facts as (
    select * from {{ ref('int_promotion_facts') }}
),

promotions_compared as (
    select * from {{ ref('int_promotions_compared') }}
),

promotion_effects as (
    select * from {{ ref('int_promotion_effects') }}
)

select
    facts.promotion_code,
    facts.promotion_name,
    facts.promotion_type,
    facts.orders,
    facts.orders_outside_dates,
    facts.customers,
    facts.new_customers,
    {{ rounded_ratio('facts.new_customers', 'facts.customers') }} as new_customer_share,
    facts.gross_amount,
    facts.item_discount_amount,
    facts.order_discount_amount,
    {{ money('facts.item_discount_amount + facts.order_discount_amount') }} as discount_cost,
    {{ rounded_ratio('(facts.item_discount_amount + facts.order_discount_amount)', 'facts.gross_amount') }}
    as discount_share,
    facts.net_revenue,
    {{ mean_amount('facts.net_revenue', 'facts.orders') }} as aov,
    facts.orders_without,
    facts.net_revenue_without,
    {{ mean_amount('facts.net_revenue_without', 'facts.orders_without') }} as aov_without,
    {{ known_margin('facts') }} as margin_after_discount,
    facts.covered_net_revenue,
    {{ rounded_ratio('facts.covered_net_revenue', 'facts.net_revenue') }} as margin_covered_share,
    {{ rounded_ratio('facts.covered_gross_margin', 'facts.covered_net_revenue') }} as margin_rate,
    facts.covered_gross_margin_without,
    facts.covered_net_revenue_without,
    {{ rounded_ratio('facts.covered_gross_margin_without', 'facts.covered_net_revenue_without') }}
    as margin_rate_without,
    {%- for column in [
        'promotion_days', 'regular_net_revenue', 'period_net_revenue', 'uplift_amount', 'uplift_amount_low',
        'uplift_amount_high', 'regular_net_revenue_after', 'net_revenue_after', 'change_after_amount',
        'change_after_amount_low', 'change_after_amount_high', 'net_effect_amount', 'net_effect_amount_low',
        'net_effect_amount_high'
    ] %}
    promotion_effects.{{ column }},
    {%- endfor %}
    promotions_compared.other_promotions,
    facts.is_known,
    facts.is_complete,
    facts.start_date,
    facts.end_date
from facts
left join promotions_compared on promotions_compared.promotion_code = facts.promotion_code
left join promotion_effects on promotion_effects.promotion_code = facts.promotion_code
