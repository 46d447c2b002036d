with

channel_customers as (select * from {{ ref('int_channel_customers') }}),

channel_spending as (select * from {{ ref('int_channel_spending') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

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
        channel_periods.month
    from channel_periods
    cross join inputs_present
    left join channel_customers
        on channel_customers.period = channel_periods.period
        and channel_customers.acquisition_channel = channel_periods.acquisition_channel
    left join channel_spending
        on channel_spending.period = channel_periods.period
        and channel_spending.channel = channel_periods.acquisition_channel
)

-- Spend without new customers has no cost per customer; it is reported separately.
select
    period,
    acquisition_channel,
    new_customers,
    spend,
    {{ mean_amount('spend', 'new_customers') }} as cac,
    {{ money('spend * case when new_customers = 0 then 1 when new_customers > 0 then 0 end') }} as unallocated_spend,
    month
from costs
