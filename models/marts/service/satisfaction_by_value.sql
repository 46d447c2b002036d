with

opinion_outcomes as (select * from {{ ref('int_opinion_outcomes') }}),

counts as (
    select
        rfm_segment,
        satisfaction_band,
        count(*) as customers,
        count(has_repurchased) as matured_customers,
        count(*) filter (where has_repurchased) as repurchased_customers,
        count(is_churned) as active_customers,
        count(*) filter (where is_churned) as churned,
        sum(net_revenue_after) as net_revenue
    from opinion_outcomes
    group by rfm_segment, satisfaction_band
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
