with

churn_signals as (
    select * from {{ ref('int_churn_signals') }}
),

churn_scores as (
    select * from {{ ref('int_churn_scores') }}
),

churn_signal_rules as (
    select * from {{ ref('churn_signal_rules') }}
),

at_risk_customers as (
    select
        churn_signals.customer_id,
        churn_scores.churn_risk,
        churn_signals.is_active
        {%- for signal in churn_signals() %},
        churn_signals.has_{{ signal }}
        {%- endfor %}
    from churn_signals
    inner join churn_scores
        on churn_scores.customer_id = churn_signals.customer_id
        and churn_scores.cutoff_date = churn_signals.cutoff_date
    where
        churn_signals.is_as_of
        and (churn_scores.churn_risk = 'high' or not churn_signals.is_active)
),

-- A lapsed customer is approached as one who lapsed, whatever the signals. Of the signals of an active customer the one
-- of first priority is the reason to write.
possible_reasons as (
    select customer_id, 'lapsed' as reason, 0 as reason_priority
    from at_risk_customers
    where not is_active
    {%- for signal in churn_signals() %}
    union all
    select
        at_risk_customers.customer_id,
        churn_signal_rules.signal as reason,
        churn_signal_rules.reason_priority
    from at_risk_customers
    inner join churn_signal_rules on churn_signal_rules.signal = '{{ signal }}'
    where at_risk_customers.is_active and at_risk_customers.has_{{ signal }}
    {%- endfor %}
)

select
    at_risk_customers.customer_id,
    at_risk_customers.churn_risk,
    min_by(possible_reasons.reason, possible_reasons.reason_priority) as reason
from at_risk_customers
inner join possible_reasons on possible_reasons.customer_id = at_risk_customers.customer_id
group by at_risk_customers.customer_id, at_risk_customers.churn_risk
