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

past_customers as (
    select
        churn_measures.cutoff_date,
        churn_measures.is_churned,
        {%- for signal in churn_signals() %}
        churn_signals.has_{{ signal }},
        {%- endfor %}
        churn_scores.has_any_behaviour,
        churn_scores.churn_risk = 'high' as has_high_risk
    from churn_measures
    inner join churn_signals
        on churn_signals.customer_id = churn_measures.customer_id
        and churn_signals.cutoff_date = churn_measures.cutoff_date
    inner join churn_scores
        on churn_scores.customer_id = churn_measures.customer_id
        and churn_scores.cutoff_date = churn_measures.cutoff_date
    where not churn_measures.is_as_of
)

{% for signal in churn_signals() + ['any_behaviour', 'high_risk'] %}
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
{% endfor %}
