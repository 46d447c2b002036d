with

loyalty_measures as (
    select * from {{ ref('int_loyalty_measures') }}
),

loyalty_scores as (
    select * from {{ ref('int_loyalty_parts') }}
),

loyalty_rules as (
    select * from {{ ref('loyalty_rules') }}
),

weights as (
    select
        {%- for part in loyalty_parts() %}
        max(weight) filter (where part = '{{ part }}') as {{ part }}{{ "," if not loop.last }}
        {%- endfor %}
    from loyalty_rules
),

-- A part that is not known takes its weight with it. Points above 1, so that the worst is 0.
weighed as (
    select
        loyalty_scores.customer_id,
        {%- for part in loyalty_parts() %}
        coalesce(weights.{{ part }} * (loyalty_scores.{{ part }}_score - 1), 0)
        {{- " +" if not loop.last else " as points," }}
        {%- endfor %}
        {%- for part in loyalty_parts() %}
        case when loyalty_scores.{{ part }}_score is not null then weights.{{ part }} else 0 end
        {{- " +" if not loop.last else " as known_weight" }}
        {%- endfor %}
    from loyalty_scores
    cross join weights
)

select
    loyalty_measures.customer_id,
    loyalty_measures.window_orders,
    loyalty_measures.window_spend,
    loyalty_measures.repeat_order_days,
    loyalty_measures.intent_answers,
    loyalty_measures.complaints,
    loyalty_scores.purchase_frequency_score,
    loyalty_scores.purchase_amount_score,
    loyalty_scores.repurchase_score,
    loyalty_scores.brand_intent_score,
    loyalty_scores.complaints_score,
    weighed.known_weight,
    {{ rounded_ratio('25 * weighed.points', 'weighed.known_weight') }} as loyalty_score
from loyalty_measures
inner join loyalty_scores on loyalty_scores.customer_id = loyalty_measures.customer_id
inner join weighed on weighed.customer_id = loyalty_measures.customer_id
