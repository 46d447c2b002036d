with

churn_measures as (
    select * from {{ ref('int_churn_measures') }}
),

churn_signals as (
    select * from {{ ref('int_churn_signals') }}
),

churn_scores as (
    select * from {{ ref('int_churn_scores') }}
),

churn_signal_rules as (
    select * from {{ ref('churn_signal_rules') }}
),

leaving_customers as (
    select
        churn_measures.customer_id,
        churn_scores.churn_risk,
        churn_measures.is_active
        {%- for signal in churn_signals() %},
        churn_signals.has_{{ signal }}
        {%- endfor %}
    from churn_measures
    inner join churn_signals
        on churn_signals.customer_id = churn_measures.customer_id
        and churn_signals.cutoff_date = churn_measures.cutoff_date
    inner join churn_scores
        on churn_scores.customer_id = churn_measures.customer_id
        and churn_scores.cutoff_date = churn_measures.cutoff_date
    where
        churn_measures.is_as_of
        and (churn_scores.churn_risk = 'high' or not churn_measures.is_active)
),

-- Who has gone has gone; of the signals of those who are leaving the one of first priority says what to talk about.
reasons as (
    select customer_id, 'lapsed' as reason, 0 as reason_priority
    from leaving_customers
    where not is_active
    {%- for signal in churn_signals() %}
    union all
    select
        leaving_customers.customer_id,
        churn_signal_rules.signal as reason,
        churn_signal_rules.reason_priority
    from leaving_customers
    inner join churn_signal_rules on churn_signal_rules.signal = '{{ signal }}'
    where leaving_customers.is_active and leaving_customers.has_{{ signal }}
    {%- endfor %}
)

select
    leaving_customers.customer_id,
    leaving_customers.churn_risk,
    min_by(reasons.reason, reasons.reason_priority) as reason
from leaving_customers
inner join reasons on reasons.customer_id = leaving_customers.customer_id
group by leaving_customers.customer_id, leaving_customers.churn_risk
