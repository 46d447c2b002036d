with

loyalty_measures as (select * from {{ ref('int_loyalty_measures') }}),

loyalty_parts as (select * from {{ ref('int_loyalty_parts') }}),

loyalty_rules as (select * from {{ ref('loyalty_rules') }}),

part_weights as (
    select
        {%- for part in loyalty_parts() %}
        max(weight) filter (where part = '{{ part }}') as {{ part }}{{ "," if not loop.last }}
        {%- endfor %}
    from loyalty_rules
),

-- An unknown part is left out together with its weight. A score of 1 gives no points, so that the lowest loyalty score
-- is 0.
weighted_points as (
    select
        loyalty_parts.customer_id,
        {%- for part in loyalty_parts() %}
        coalesce(part_weights.{{ part }} * (loyalty_parts.{{ part }}_score - 1), 0)
        {{- " +" if not loop.last else " as points," }}
        {%- endfor %}
        {%- for part in loyalty_parts() %}
        case when loyalty_parts.{{ part }}_score is not null then part_weights.{{ part }} else 0 end
        {{- " +" if not loop.last else " as known_weight" }}
        {%- endfor %}
    from loyalty_parts
    cross join part_weights
)

select
    loyalty_measures.customer_id,
    loyalty_measures.window_orders,
    loyalty_measures.window_spend,
    loyalty_measures.repeat_order_days,
    loyalty_measures.intent_answers,
    loyalty_measures.complaints,
    loyalty_parts.purchase_frequency_score,
    loyalty_parts.purchase_amount_score,
    loyalty_parts.repurchase_score,
    {{ rounded_double('loyalty_parts.brand_intent_score') }} as brand_intent_score,
    loyalty_parts.complaints_score,
    weighted_points.known_weight,
    {{ rounded_ratio('25 * weighted_points.points', 'weighted_points.known_weight') }} as loyalty_score
from loyalty_measures
inner join loyalty_parts on loyalty_parts.customer_id = loyalty_measures.customer_id
inner join weighted_points on weighted_points.customer_id = loyalty_measures.customer_id
