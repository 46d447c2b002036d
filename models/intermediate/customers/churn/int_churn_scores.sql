with

churn_signals as (select * from {{ ref('int_churn_signals') }}),

churn_thresholds as (select * from {{ ref('int_churn_thresholds') }}),

churn_signal_rules as (select * from {{ ref('churn_signal_rules') }}),

churn_risk_levels as (select * from {{ ref('churn_risk_levels') }}),

weighted_signals as (
    select
        churn_signals.customer_id,
        {%- for signal in churn_signals() %}
        case when churn_signals.has_{{ signal }} then churn_thresholds.{{ signal }}_weight else 0 end
        {{- " +" if not loop.last else " as signal_weight," }}
        {%- endfor %}
        {%- for signal in churn_signals() %}
        case when churn_signals.has_{{ signal }} is not null then churn_thresholds.{{ signal }}_weight else 0 end
        {{- " +" if not loop.last else " as observable_weight," }}
        {%- endfor %}
        {%- for signal in churn_signals() %}
        {{ "greatest(" if loop.first }}
            case
                when churn_thresholds.{{ signal }}_is_behaviour and churn_signals.has_{{ signal }} then 2
                when churn_thresholds.{{ signal }}_is_behaviour and churn_signals.has_{{ signal }} is not null then 1
                else 0
            end{{ "," if not loop.last }}
        {%- endfor %}
        ) as behaviour_level,
        {%- for signal in churn_signals() %}
        {{ "least(" if loop.first }}
            case when churn_signals.has_{{ signal }} then churn_thresholds.{{ signal }}_reason_priority end
            {{- "," if not loop.last }}
        {%- endfor %}
        ) as reason_priority,
        churn_signals.is_active,
        churn_signals.is_as_of,
        churn_signals.cutoff_date
    from churn_signals
    cross join churn_thresholds
)

-- The level whose range holds the score. The comparison multiplies by the weight instead of dividing, so that rounding
-- cannot move a score across a bound. The reason of a lapsed customer is always lapsed, regardless of the signals.
select
    weighted_signals.customer_id,
    churn_risk_levels.churn_risk,
    case
        when not weighted_signals.is_active then 'lapsed'
        when churn_risk_levels.churn_risk = 'high' then churn_signal_rules.signal
    end as winback_reason,
    weighted_signals.signal_weight,
    weighted_signals.observable_weight,
    {{ rounded_ratio('weighted_signals.signal_weight', 'weighted_signals.observable_weight') }} as churn_score,
    case when weighted_signals.behaviour_level > 0 then weighted_signals.behaviour_level = 2 end as has_any_behaviour,
    weighted_signals.is_as_of,
    weighted_signals.cutoff_date
from weighted_signals
left join churn_signal_rules on churn_signal_rules.reason_priority = weighted_signals.reason_priority
left join churn_risk_levels
    on weighted_signals.observable_weight > 0
    and weighted_signals.signal_weight >= churn_risk_levels.score_from * weighted_signals.observable_weight
    and {{ rule_holds(
        'weighted_signals.signal_weight', '<', 'churn_risk_levels.score_below * weighted_signals.observable_weight'
    ) }}
