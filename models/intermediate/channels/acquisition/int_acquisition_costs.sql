with

channel_customers as (select * from {{ ref('int_channel_customers') }}),

channel_spending as (select * from {{ ref('int_channel_spending') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

visit_sources as (select * from {{ ref('int_visit_sources') }}),

channel_periods as (
    select period, acquisition_channel, month from channel_customers
    union
    select period, channel as acquisition_channel, month from channel_spending
),

costs as (
    select
        channel_periods.period,
        channel_periods.acquisition_channel,
        {{ zero_if_landed('channel_customers.new_customers', 'inputs_present.has_orders') }} as new_customers,
        {{ money(zero_if_landed('channel_spending.spend', 'inputs_present.has_marketing_spend')) }} as spend,
        {{ zero_if_landed('channel_customers.new_customers_on_common_days', 'inputs_present.has_orders') }}
        as new_customers_on_common_days,
        {{ money(zero_if_landed('channel_spending.spend_on_common_days', 'inputs_present.has_marketing_spend')) }}
        as spend_on_common_days,
        visit_sources.has_sources
        or channel_periods.acquisition_channel not in ('direct', 'unattributed') as is_known_channel,
        channel_periods.month
    from channel_periods
    cross join inputs_present
    cross join visit_sources
    left join channel_customers
        on channel_customers.period = channel_periods.period
        and channel_customers.acquisition_channel = channel_periods.acquisition_channel
    left join channel_spending
        on channel_spending.period = channel_periods.period
        and channel_spending.channel = channel_periods.acquisition_channel
)

-- Spend that is in no cost per customer is reported separately. Where visits tell no source, customers without a
-- channel may have been won by a paid one, so that their cost is not 0.
select
    period,
    acquisition_channel,
    new_customers,
    spend,
    new_customers_on_common_days,
    spend_on_common_days,
    case
        when is_known_channel then {{ mean_amount('spend_on_common_days', 'new_customers_on_common_days') }}
    end as cac,
    case
        when new_customers is not null then {{ money(
            'spend - case when new_customers_on_common_days > 0 then spend_on_common_days else 0 end'
        ) }}
    end as unallocated_spend,
    month
from costs
