with

churn_signals as (
    select * from {{ ref('int_churn_signals') }}
),

churn_measures as (
    select * from {{ ref('int_churn_measures') }}
),

churn_scores as (
    select * from {{ ref('int_churn_scores') }}
)

select
    churn_measures.customer_id,
    churn_scores.churn_risk,
    churn_measures.days_since_last_visit,
    churn_measures.recent_browsing_seconds,
    churn_measures.base_browsing_seconds,
    case
        when churn_measures.base_browsing_seconds > 0
            then {{ rounded_ratio(
                '(churn_measures.recent_browsing_seconds - churn_measures.base_browsing_seconds)',
                'churn_measures.base_browsing_seconds'
            ) }}
    end as browsing_change,
    churn_measures.open_cart_age_days,
    churn_measures.days_since_last_order,
    {{ rounded_ratio('churn_measures.gap_half_days', '2') }} as usual_gap_days,
    -- Half days are rounded up: the next order is expected by the end of that day.
    case
        when churn_measures.gap_half_days is not null
            then greatest(
                churn_measures.days_since_last_order
                - cast({{ whole_quotient('churn_measures.gap_half_days + 1', '2') }} as bigint), 0
            )
    end as days_overdue,
    {{ mean_amount('churn_measures.recent_net_revenue', 'churn_measures.recent_orders') }} as recent_aov,
    {{ mean_amount(
        'churn_measures.earlier_net_revenue', '(churn_measures.orders - churn_measures.recent_orders)'
    ) }} as earlier_aov,
    churn_scores.signal_weight,
    churn_scores.observable_weight,
    churn_scores.churn_score,
    {%- for signal in churn_signals() %}
    churn_signals.has_{{ signal }},
    {%- endfor %}
    churn_measures.is_own_gap,
    churn_measures.is_active,
    churn_measures.last_order_date
from churn_measures
inner join churn_signals
    on churn_signals.customer_id = churn_measures.customer_id
    and churn_signals.cutoff_date = churn_measures.cutoff_date
inner join churn_scores
    on churn_scores.customer_id = churn_measures.customer_id
    and churn_scores.cutoff_date = churn_measures.cutoff_date
where churn_measures.is_as_of
