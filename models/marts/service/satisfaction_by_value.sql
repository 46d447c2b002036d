with

opinion_outcomes as (select * from {{ ref('int_opinion_outcomes') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

counts as (
    select
        opinion_outcomes.rfm_segment,
        opinion_outcomes.satisfaction_band,
        count(*) as customers,
        {{ known_count('case when inputs_present.has_orders then opinion_outcomes.has_repurchased is not null end') }}
            as matured_customers,
        {{ known_count(
            'case when inputs_present.has_orders then coalesce(opinion_outcomes.has_repurchased, false) end'
        ) }} as repurchased_customers,
        {{ known_count('case when inputs_present.has_orders then opinion_outcomes.is_churned is not null end') }}
            as active_customers,
        count(*) filter (where opinion_outcomes.is_churned) as churned,
        sum(opinion_outcomes.net_revenue_after) as net_revenue
    from opinion_outcomes
    cross join inputs_present
    group by opinion_outcomes.rfm_segment, opinion_outcomes.satisfaction_band
),

rates as (
    select
        rfm_segment,
        satisfaction_band,
        customers,
        matured_customers,
        repurchased_customers,
        {{ rounded_ratio('repurchased_customers', 'matured_customers') }} as repurchase_rate_90d,
        {{ wilson_low('repurchased_customers', 'matured_customers') }} as repurchase_rate_90d_low,
        {{ wilson_high('repurchased_customers', 'matured_customers') }} as repurchase_rate_90d_high,
        active_customers,
        case when active_customers > 0 then churned end as churned,
        {{ money('net_revenue') }} as net_revenue,
        {{ mean_amount('net_revenue', 'matured_customers') }} as revenue_per_customer
    from counts
)

-- Dissatisfaction is not assigned at random, so a gap is an association, not proof of a cause.
select
    rates.rfm_segment,
    rates.satisfaction_band,
    rates.customers,
    rates.matured_customers,
    rates.repurchased_customers,
    rates.repurchase_rate_90d,
    rates.repurchase_rate_90d_low,
    rates.repurchase_rate_90d_high,
    {%- set ends = [] %}
    {%- for side in ['rates', 'satisfied_rates'] %}{% for suffix in ['', '_low', '_high'] %}
    {%- do ends.append(side ~ '.repurchase_rate_90d' ~ suffix) %}{% endfor %}{% endfor %}
    {{ rounded_ratio(
        '(rates.repurchased_customers * satisfied_rates.matured_customers'
        ~ ' - satisfied_rates.repurchased_customers * rates.matured_customers)',
        '(rates.matured_customers * satisfied_rates.matured_customers)'
    ) }} as repurchase_gap,
    {{ newcombe_low(*ends) }} as repurchase_gap_low,
    {{ newcombe_high(*ends) }} as repurchase_gap_high,
    rates.active_customers,
    rates.churned,
    {{ rounded_ratio('rates.churned', 'rates.active_customers') }} as churn_rate,
    rates.net_revenue,
    rates.revenue_per_customer,
    {{ money('satisfied_rates.revenue_per_customer - rates.revenue_per_customer') }} as revenue_gap_per_customer,
    {{ money('(satisfied_rates.revenue_per_customer - rates.revenue_per_customer) * rates.matured_customers') }}
    as revenue_at_stake
from rates
left join rates as satisfied_rates
    on satisfied_rates.rfm_segment = rates.rfm_segment
    and satisfied_rates.satisfaction_band = 'satisfied'
    and satisfied_rates.satisfaction_band <> rates.satisfaction_band
