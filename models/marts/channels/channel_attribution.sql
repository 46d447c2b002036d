{%- set has_known_credit -%}
    inputs_present.has_orders and (
        visit_sources.has_sources or attribution_credits.credited_orders > 0
        or max(case
            when attribution_credits.channel in ('direct', 'unattributed') then attribution_credits.credited_orders
        end) over (partition by channel_months.month) is null
    )
{%- endset -%}
with

attribution_credits as (select * from {{ ref('int_attribution_credits') }}),

attribution_models as (select * from {{ ref('attribution_models') }}),

channel_spending as (select * from {{ ref('int_channel_spending') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

visit_sources as (select * from {{ ref('int_visit_sources') }}),

channel_months as (
    select month, channel from attribution_credits
    union
    select month, channel from channel_spending where month is not null
),

order_types as (
    select 'first' as order_type
    union all
    select 'repeat' as order_type
    union all
    select 'renewal' as order_type
),

-- Every model and order type has the same channels, so that models can be compared. Credits are of whole months, so a
-- cost needs spend, orders and visits on all days of the month that the shop has data of.
credits as (
    select
        channel_months.month,
        attribution_models.model,
        channel_months.channel,
        order_types.order_type,
        cast(
            {{ zero_if_landed('attribution_credits.credited_orders', has_known_credit) }} as decimal(18, 9)
        ) as credited_orders,
        {{ money(zero_if_landed('attribution_credits.credited_revenue', has_known_credit)) }} as credited_revenue,
        {{ money(zero_if_landed('channel_spending.spend', 'inputs_present.has_marketing_spend')) }} as spend,
        coalesce(
            inputs_present.has_traffic and visit_sources.has_sources
            and covered_days.is_channel_month, false
        ) as is_common_month
    from channel_months
    cross join attribution_models
    cross join order_types
    cross join inputs_present
    cross join visit_sources
    left join covered_days on covered_days.date = channel_months.month
    left join attribution_credits
        on attribution_credits.month = channel_months.month
        and attribution_credits.model = attribution_models.model
        and attribution_credits.channel = channel_months.channel
        and attribution_credits.order_type = order_types.order_type
    left join channel_spending
        on channel_spending.month = channel_months.month
        and channel_spending.channel = channel_months.channel
)

select
    model,
    channel,
    order_type,
    credited_orders,
    credited_revenue,
    spend,
    case when is_common_month then {{ mean_amount(
        '(cast(spend as decimal(28, 2)) * 1000000000)',
        'cast(cast(credited_orders as decimal(28, 9)) * 1000000000 as decimal(19, 0))'
    ) }} end as cost_per_order,
    case when is_common_month then {{ rounded_ratio('credited_revenue', 'spend') }} end as roas,
    month
from credits
