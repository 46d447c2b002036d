with

churn_scores as (select * from {{ ref('int_churn_scores') }}),

customer_winback_tiers as (select * from {{ ref('int_customer_winback_tiers') }}),

winback_actions as (select * from {{ ref('winback_actions') }}),

customer_contact_channels as (select * from {{ ref('int_customer_contact_channels') }}),

churn_signal_rules as (select * from {{ ref('churn_signal_rules') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

customer_rules as (select * from {{ ref('customer_rules') }}),

reachable_customers as (
    select distinct customer_id from customer_contact_channels
),

-- Only customers at risk who may be contacted; customers who have already lapsed do not count.
lapsing_groups as (
    select
        attention_rules.rule,
        attention_rules.watches as winback_tier,
        churn_scores.winback_reason as reason,
        count(*) as customers,
        {{ money('sum(customer_winback_tiers.last_year_spend)') }} as last_year_spend,
        attention_rules.stake_share
    from churn_scores
    inner join customer_winback_tiers on customer_winback_tiers.customer_id = churn_scores.customer_id
    inner join reachable_customers on reachable_customers.customer_id = churn_scores.customer_id
    inner join attention_rules
        on attention_rules.watches = customer_winback_tiers.winback_tier
        and attention_rules.kind = 'lapsing_customers'
    where
        churn_scores.is_as_of
        and churn_scores.winback_reason <> 'lapsed'
    group by
        attention_rules.rule,
        attention_rules.watches,
        churn_scores.winback_reason,
        attention_rules.stake_share,
        attention_rules.min_base
    having count(*) >= attention_rules.min_base
)

select
    lapsing_groups.rule,
    lapsing_groups.winback_tier || '/' || lapsing_groups.reason as subject,
    churn_signal_rules.label,
    churn_signal_rules.label_zh,
    cast(lapsing_groups.customers as {{ dbt.type_string() }}) as figure,
    {{ amount_text('lapsing_groups.last_year_spend') }} as usual,
    cast(null as {{ dbt.type_string() }}) as days,
    cast(null as {{ dbt.type_string() }}) as spend,
    winback_actions.recommended_action as action,
    winback_actions.recommended_action_zh as action_zh,
    {{ money_in_30_days(
        'cast(lapsing_groups.last_year_spend as double)', 'lapsing_groups.stake_share',
        'customer_rules.winback_spend_days'
    ) }} as value_at_stake
from lapsing_groups
cross join customer_rules
inner join churn_signal_rules on churn_signal_rules.signal = lapsing_groups.reason
inner join winback_actions
    on winback_actions.winback_tier = lapsing_groups.winback_tier
    and winback_actions.reason = lapsing_groups.reason
