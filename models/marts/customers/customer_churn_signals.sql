with

churn_signals as (select * from {{ ref('int_churn_signals') }}),

churn_scores as (select * from {{ ref('int_churn_scores') }})

select
    churn_signals.customer_id,
    churn_scores.churn_risk,
    churn_signals.days_since_last_visit,
    churn_signals.recent_browsing_seconds,
    churn_signals.base_browsing_seconds,
    case
        when churn_signals.base_browsing_seconds > 0
            then {{ rounded_ratio(
                '(churn_signals.recent_browsing_seconds - churn_signals.base_browsing_seconds)',
                'churn_signals.base_browsing_seconds'
            ) }}
    end as browsing_change,
    churn_signals.open_cart_age_days,
    churn_signals.days_since_last_order,
    {{ rounded_ratio('churn_signals.gap_half_days', '2') }} as usual_gap_days,
    -- Half days are rounded up: the next order is expected by the end of that day.
    case
        when churn_signals.gap_half_days is not null
            then greatest(
                churn_signals.days_since_last_order
                - cast({{ whole_quotient('churn_signals.gap_half_days + 1', '2') }} as bigint), 0
            )
    end as days_overdue,
    {{ mean_amount('churn_signals.recent_net_revenue', 'churn_signals.recent_orders') }} as recent_aov,
    {{ mean_amount(
        'churn_signals.earlier_net_revenue', '(churn_signals.orders - churn_signals.recent_orders)'
    ) }} as earlier_aov,
    churn_scores.signal_weight,
    churn_scores.observable_weight,
    churn_scores.churn_score,
    {%- for signal in churn_signals() %}
    churn_signals.has_{{ signal }},
    {%- endfor %}
    churn_signals.is_own_gap,
    churn_signals.is_active,
    churn_signals.last_order_date
from churn_signals
inner join churn_scores
    on churn_scores.customer_id = churn_signals.customer_id
    and churn_scores.cutoff_date = churn_signals.cutoff_date
where churn_signals.is_as_of
