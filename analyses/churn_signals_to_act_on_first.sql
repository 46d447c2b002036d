-- Which churn signal should be acted on first? For each signal: how much more often its customers churned, over all
-- past cut-off dates, how many active customers have it today, and how much these customers spent in the year up to
-- their last order. A customer counts once per cut-off date, so the intervals are too narrow.
with

churn_signal_backtest as (select * from {{ ref('churn_signal_backtest') }}),

customer_churn_signals as (select * from {{ ref('customer_churn_signals') }}),

customer_winback_tiers as (select * from {{ ref('int_customer_winback_tiers') }}),

past_signals as (
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

-- Use only active customers, because lapsed customers are for win-back.
current_signals as (
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
    past_signals.signal,
    past_signals.cutoffs,
    past_signals.customers_with,
    {{ rounded_ratio('past_signals.churned_with', 'past_signals.customers_with') }} as churn_rate_with,
    {{ wilson_low('past_signals.churned_with', 'past_signals.customers_with') }} as churn_rate_with_low,
    {{ wilson_high('past_signals.churned_with', 'past_signals.customers_with') }} as churn_rate_with_high,
    {{ rounded_ratio('past_signals.churned_without', 'past_signals.customers_without') }} as churn_rate_without,
    {{ rounded_ratio(
        '(past_signals.churned_with * past_signals.customers_without)',
        '(past_signals.customers_with * past_signals.churned_without)'
    ) }} as lift,
    current_signals.customers_today,
    current_signals.spend_at_stake
from past_signals
left join current_signals on current_signals.signal = past_signals.signal
order by lift desc nulls last, past_signals.signal
