with

churn_signals as (select * from {{ ref('int_churn_signals') }}),

churn_scores as (select * from {{ ref('int_churn_scores') }}),

past_customers as (
    select
        churn_signals.cutoff_date,
        churn_signals.is_churned,
        {%- for signal in churn_signals() %}
        churn_signals.has_{{ signal }},
        {%- endfor %}
        churn_scores.has_any_behaviour,
        churn_scores.churn_risk = 'high' as has_high_risk
    from churn_signals
    inner join churn_scores
        on churn_scores.customer_id = churn_signals.customer_id
        and churn_scores.cutoff_date = churn_signals.cutoff_date
    where not churn_signals.is_as_of
),

signal_counts as (
    {%- for signal in churn_signals() + ['any_behaviour', 'high_risk'] %}
    select
        '{{ signal }}' as signal,
        count(*) as customers,
        count(*) filter (where has_{{ signal }}) as customers_with,
        count(*) filter (where has_{{ signal }} and is_churned) as churned_with,
        count(*) filter (where not has_{{ signal }}) as customers_without,
        count(*) filter (where not has_{{ signal }} and is_churned) as churned_without,
        count(*) filter (where has_{{ signal }} is null) as customers_unobserved,
        cutoff_date
    from past_customers
    group by cutoff_date
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

-- Lift is the ratio of the two rates, in whole numbers until the last division.
select
    signal,
    customers,
    customers_with,
    churned_with,
    {{ rounded_ratio('churned_with', 'customers_with') }} as churn_rate_with,
    {{ wilson_low('churned_with', 'customers_with') }} as churn_rate_with_low,
    {{ wilson_high('churned_with', 'customers_with') }} as churn_rate_with_high,
    customers_without,
    churned_without,
    {{ rounded_ratio('churned_without', 'customers_without') }} as churn_rate_without,
    {{ wilson_low('churned_without', 'customers_without') }} as churn_rate_without_low,
    {{ wilson_high('churned_without', 'customers_without') }} as churn_rate_without_high,
    {{ rounded_ratio('(churned_with * customers_without)', '(customers_with * churned_without)') }} as lift,
    customers_unobserved,
    cutoff_date
from signal_counts
