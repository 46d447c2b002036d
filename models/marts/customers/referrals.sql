{%- set has_both = 'inputs_present.has_customers and inputs_present.has_orders' -%}
with

people_events as (select * from {{ ref('int_people_events') }}),

referred_customers as (select * from {{ ref('int_referred_customers') }}),

kpi_days as (select * from {{ ref('int_kpi_days') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

calendar_months as (
    select distinct {{ month_of('date') }} as month from kpi_days
),

monthly_shares as (
    select
        {{ month_of('event_date') }} as month,
        count(distinct person_id) as sharers,
        count(*) as shares
    from people_events
    where event_type = 'share'
    group by {{ month_of('event_date') }}
),

monthly_referrals as (
    select
        month,
        count(distinct referrer_customer_id) as referrers,
        count(*) as referred_customers,
        count(*) filter (where orders > 0) as referred_buyers,
        count(has_repurchased_90d) as matured_buyers,
        count(*) filter (where has_repurchased_90d) as repurchasing_buyers,
        sum(net_revenue) as net_revenue
    from referred_customers
    group by month
),

monthly_counts as (
    select
        calendar_months.month,
        {{ zero_if_landed('monthly_shares.sharers', 'inputs_present.has_events') }} as sharers,
        {{ zero_if_landed('monthly_shares.shares', 'inputs_present.has_events') }} as shares,
        {%- for column in ['referrers', 'referred_customers'] %}
        {{ zero_if_landed('monthly_referrals.' ~ column, 'inputs_present.has_customers') }} as {{ column }},
        {%- endfor %}
        {%- for column in ['referred_buyers', 'matured_buyers', 'repurchasing_buyers', 'net_revenue'] %}
        {{ zero_if_landed('monthly_referrals.' ~ column, has_both) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from calendar_months
    cross join inputs_present
    left join monthly_shares on monthly_shares.month = calendar_months.month
    left join monthly_referrals on monthly_referrals.month = calendar_months.month
)

select
    month,
    sharers,
    shares,
    referrers,
    referred_customers,
    {{ rounded_ratio('referred_customers', 'sharers') }} as referred_per_sharer,
    referred_buyers,
    matured_buyers,
    repurchasing_buyers,
    {{ rounded_ratio('repurchasing_buyers', 'matured_buyers') }} as repurchase_rate_90d,
    {{ money('net_revenue') }} as net_revenue
from monthly_counts
