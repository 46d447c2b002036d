with

churn_signals as (
    select * from {{ ref('int_churn_signals') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
),

churn_risk_levels as (
    select * from {{ ref('churn_risk_levels') }}
),

weighed as (
    select
        churn_signals.customer_id,
        {%- for signal in churn_signals() %}
        case when churn_signals.has_{{ signal }} then thresholds.{{ signal }}_weight else 0 end
        {{- " +" if not loop.last else " as signal_weight," }}
        {%- endfor %}
        {%- for signal in churn_signals() %}
        case when churn_signals.has_{{ signal }} is not null then thresholds.{{ signal }}_weight else 0 end
        {{- " +" if not loop.last else " as observable_weight," }}
        {%- endfor %}
        {%- for signal in churn_signals() %}
        {{ "greatest(" if loop.first }}
            case
                when thresholds.{{ signal }}_is_behaviour and churn_signals.has_{{ signal }} then 2
                when thresholds.{{ signal }}_is_behaviour and churn_signals.has_{{ signal }} is not null then 1
                else 0
            end{{ "," if not loop.last }}
        {%- endfor %}
        ) as behaviour_level,
        churn_signals.is_as_of,
        churn_signals.cutoff_date
    from churn_signals
    cross join thresholds
)

-- The level whose range holds the score: weights on both sides, no division.
select
    weighed.customer_id,
    churn_risk_levels.churn_risk,
    weighed.signal_weight,
    weighed.observable_weight,
    {{ rounded_ratio('weighed.signal_weight', 'weighed.observable_weight') }} as churn_score,
    case when weighed.behaviour_level > 0 then weighed.behaviour_level = 2 end as has_any_behaviour,
    weighed.is_as_of,
    weighed.cutoff_date
from weighed
left join churn_risk_levels
    on weighed.observable_weight > 0
    and weighed.signal_weight >= churn_risk_levels.score_from * weighed.observable_weight
    and {{ rule_holds('weighed.signal_weight', '<', 'churn_risk_levels.score_below * weighed.observable_weight') }}
