with

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

monthly_spend as (
    select
        marketing_spend_channels.spend_month as month,
        marketing_spend_channels.channel,
        marketing_spend_channels.spend_amount,
        marketing_spend_channels.impressions,
        marketing_spend_channels.clicks,
        marketing_spend_channels.claimed_conversions,
        coalesce(covered_days.is_channel_spend_day, false) as is_on_common_day
    from marketing_spend_channels
    left join covered_days on covered_days.date = marketing_spend_channels.spend_date
)

select
    {{ period_of('month') }} as period,
    channel,
    {{ money('sum(spend_amount)') }} as spend,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as clicks,
    cast(sum(claimed_conversions) as decimal(18, 6)) as claimed_conversions,
    {{ money('coalesce(sum(spend_amount) filter (where is_on_common_day), 0)') }} as spend_on_common_days,
    cast(sum(claimed_conversions) filter (where is_on_common_day) as decimal(18, 6))
    as claimed_conversions_on_common_days,
    month
from monthly_spend
group by grouping sets ((month, channel), (channel))
