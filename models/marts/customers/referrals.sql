with

people_events as (
    select * from {{ ref('int_people_events') }}
),

referred_customers as (
    select * from {{ ref('int_referred_customers') }}
),

kpi_days as (
    select * from {{ ref('int_kpi_days') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

months as (
    select distinct {{ month_of('date') }} as month from kpi_days
),

sharing as (
    select
        {{ month_of('event_date') }} as month,
        count(distinct person_id) as sharers,
        count(*) as shares
    from people_events
    where event_type = 'share'
    group by {{ month_of('event_date') }}
),

referred_months as (
    select
        month,
        count(distinct referrer_customer_id) as referrers,
        count(*) as referred_customers,
        count(*) filter (where orders > 0) as referred_buyers,
        count(*) filter (where days_since_first_order >= 90) as matured_buyers,
        count(*) filter (where days_since_first_order >= 90 and days_to_second_order <= 90) as repurchasing_buyers,
        sum(net_revenue) as net_revenue
    from referred_customers
    group by month
),

monthly as (
    select
        months.month,
        {{ zero_if_landed('sharing.sharers', 'inputs_present.has_events') }} as sharers,
        {{ zero_if_landed('sharing.shares', 'inputs_present.has_events') }} as shares,
        {%- for column in [
            'referrers', 'referred_customers', 'referred_buyers', 'matured_buyers', 'repurchasing_buyers'
        ] %}
        {{ zero_if_landed('referred_months.' ~ column, 'inputs_present.has_customers') }} as {{ column }},
        {%- endfor %}
        {{ zero_if_landed('referred_months.net_revenue', 'inputs_present.has_customers') }} as net_revenue
    from months
    cross join inputs_present
    left join sharing on sharing.month = months.month
    left join referred_months on referred_months.month = months.month
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
from monthly
