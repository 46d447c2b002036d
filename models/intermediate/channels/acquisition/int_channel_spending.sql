with

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

monthly_spend as (
    select
        spend_month as month,
        channel,
        spend_amount,
        impressions,
        clicks,
        claimed_conversions
    from marketing_spend_channels
)

select
    {{ period_of('month') }} as period,
    channel,
    {{ money('sum(spend_amount)') }} as spend,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as clicks,
    cast(sum(claimed_conversions) as decimal(18, 6)) as claimed_conversions,
    month
from monthly_spend
group by grouping sets ((month, channel), (channel))
