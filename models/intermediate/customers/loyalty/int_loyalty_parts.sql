with

loyalty_measures as (select * from {{ ref('int_loyalty_measures') }}),

loyalty_rules as (select * from {{ ref('loyalty_rules') }}),

customer_rules as (select * from {{ ref('customer_rules') }}),

{{ five_scores('frequency', 'loyalty_measures', 'window_orders', by='as_of_date', rules='customer_rules') }},

{{ five_scores('amount', 'loyalty_measures', 'window_spend', by='as_of_date', rules='customer_rules') }},

{{ five_scores('repurchase', 'loyalty_measures', 'repeat_order_days', by='as_of_date', rules='customer_rules') }},

complaint_rules as (
    select max(points_per_complaint) as points_per_complaint from loyalty_rules where part = 'complaints'
)

-- Answers about intent are already on a scale of 1 to 5. Complaints are scored by their number, not relative to other
-- customers: most customers have none, and a relative score would give these customers the lowest score.
select
    loyalty_measures.customer_id,
    frequency_scores.score as purchase_frequency_score,
    amount_scores.score as purchase_amount_score,
    repurchase_scores.score as repurchase_score,
    cast(loyalty_measures.intent_score_sum as double)
    / nullif(loyalty_measures.intent_answers, 0) as brand_intent_score,
    case
        when loyalty_measures.complaints is not null
            then greatest(5 - complaint_rules.points_per_complaint * loyalty_measures.complaints, 1)
    end as complaints_score
from loyalty_measures
cross join complaint_rules
inner join frequency_scores on frequency_scores.window_orders = loyalty_measures.window_orders
inner join amount_scores on amount_scores.window_spend = loyalty_measures.window_spend
inner join repurchase_scores on repurchase_scores.repeat_order_days = loyalty_measures.repeat_order_days
