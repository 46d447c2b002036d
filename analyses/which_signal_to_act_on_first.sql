-- Which signal to act on first: how much more often its customers leave, over all past cut-offs, beside how many people
-- of today it names and what they spent in the year to their last order. A customer counts at every cut-off, so the
-- intervals are narrower than independent customers would give.
with

churn_signal_backtest as (
    select * from {{ ref('churn_signal_backtest') }}
),

customer_churn_signals as (
    select * from {{ ref('customer_churn_signals') }}
),

customer_winback_tiers as (
    select * from {{ ref('int_customer_winback_tiers') }}
),

past as (
    select
        signal,
        count(*) as cutoffs,
        cast(sum(customers_with) as bigint) as customers_with,
        cast(sum(churned_with) as bigint) as churned_with,
        cast(sum(customers_without) as bigint) as customers_without,
        cast(sum(churned_without) as bigint) as churned_without
    from churn_signal_backtest
    group by signal
),

-- Who has gone already is not to be kept but to be won back.
today as (
    {%- for signal in churn_signals() %}
    select
        '{{ signal }}' as signal,
        count(*) as customers_today,
        {{ money('coalesce(sum(customer_winback_tiers.last_year_spend), 0)') }} as spend_at_stake
    from customer_churn_signals
    inner join customer_winback_tiers
        on customer_winback_tiers.customer_id = customer_churn_signals.customer_id
    where customer_churn_signals.has_{{ signal }} and customer_churn_signals.is_active
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    past.signal,
    past.cutoffs,
    past.customers_with,
    {{ rounded_ratio('past.churned_with', 'past.customers_with') }} as churn_rate_with,
    {{ wilson_low('past.churned_with', 'past.customers_with') }} as churn_rate_with_low,
    {{ wilson_high('past.churned_with', 'past.customers_with') }} as churn_rate_with_high,
    {{ rounded_ratio('past.churned_without', 'past.customers_without') }} as churn_rate_without,
    {{ rounded_ratio(
        '(past.churned_with * past.customers_without)', '(past.customers_with * past.churned_without)'
    ) }} as lift,
    today.customers_today,
    today.spend_at_stake
from past
left join today on today.signal = past.signal
order by lift desc nulls last, past.signal
