with

channel_facts as (select * from {{ ref('int_channel_facts') }}),

channel_values as (select * from {{ ref('int_channel_values') }}),

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

channels as (select * from {{ ref('channels') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

recent_spending as (
    select
        attention_rules.rule,
        marketing_spend_channels.channel,
        {{ money('sum(marketing_spend_channels.spend_amount)') }} as spend,
        attention_rules.window_days,
        attention_rules.threshold,
        attention_rules.stake_share
    from marketing_spend_channels
    cross join stg_run_period
    inner join attention_rules on attention_rules.kind = 'channel_below_payback'
    where
        {{ days_between('marketing_spend_channels.spend_date', 'stg_run_period.as_of_date') }}
        < attention_rules.window_days
    group by
        attention_rules.rule,
        marketing_spend_channels.channel,
        attention_rules.window_days,
        attention_rules.threshold,
        attention_rules.stake_share
),

-- Without a new customer clv_to_cac is 0. A channel whose customers have no known value is not a finding, nor is one
-- without spend on days that orders and visits cover too.
valued_channels as (
    select
        recent_spending.rule,
        recent_spending.channel,
        recent_spending.spend,
        recent_spending.window_days,
        recent_spending.threshold,
        recent_spending.stake_share,
        case
            when channel_facts.new_customers_on_common_days = 0 and channel_facts.spend_on_common_days > 0 then 0
            else {{ clv_to_cac('channel_values', 'channel_facts.cac') }}
        end as clv_to_cac
    from recent_spending
    inner join channel_facts
        on channel_facts.channel = recent_spending.channel
        and channel_facts.period = 'all'
    left join channel_values
        on channel_values.acquisition_channel = recent_spending.channel
        and channel_values.period = 'all'
)

select
    valued_channels.rule,
    valued_channels.channel as subject,
    coalesce(channels.label, valued_channels.channel) as label,
    coalesce(channels.label_zh, valued_channels.channel) as label_zh,
    cast(cast(round(valued_channels.clv_to_cac, 1) as decimal(18, 1)) as {{ dbt.type_string() }}) as figure,
    cast(cast(valued_channels.threshold as decimal(18, 1)) as {{ dbt.type_string() }}) as usual,
    cast(valued_channels.window_days as {{ dbt.type_string() }}) as days,
    {{ amount_text('valued_channels.spend') }} as spend,
    cast(null as {{ dbt.type_string() }}) as action,
    cast(null as {{ dbt.type_string() }}) as action_zh,
    {{ money_in_30_days(
        'cast(valued_channels.spend as double) * (1 - valued_channels.clv_to_cac'
        ~ ' / cast(valued_channels.threshold as double))',
        'valued_channels.stake_share', 'valued_channels.window_days'
    ) }} as value_at_stake
from valued_channels
left join channels on channels.channel = valued_channels.channel
where valued_channels.clv_to_cac < valued_channels.threshold
