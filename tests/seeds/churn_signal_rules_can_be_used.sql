-- A signal that is missing, misspelt or without its threshold would silently never be given.
with

churn_signal_rules as (select * from {{ ref('churn_signal_rules') }}),

expected_signals as (
    {%- for signal in churn_signals() %}
    select '{{ signal }}' as signal
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

checked_signals as (
    select
        coalesce(expected_signals.signal, churn_signal_rules.signal) as signal,
        case
            when churn_signal_rules.signal is null then 'the signal has no row'
            when expected_signals.signal is null then 'no such signal'
            when churn_signal_rules.weight is null or churn_signal_rules.weight < 0 then 'weight must be 0 or more'
            when sum(churn_signal_rules.weight) over () = 0 then 'one weight must be above 0'
            when churn_signal_rules.is_behaviour is null then 'is_behaviour must be true or false'
            when
                churn_signal_rules.signal in ('no_visit', 'less_browsing')
                and (
                    coalesce(churn_signal_rules.recent_days, 0) < 1
                    or coalesce(churn_signal_rules.base_days, 0) < 1
                )
                then 'recent_days and base_days must be 1 or more'
            when
                churn_signal_rules.signal = 'open_cart'
                and coalesce(churn_signal_rules.age_days_from not between 0 and churn_signal_rules.age_days_to, true)
                then 'inverted range: age_days_from, age_days_to'
            when churn_signal_rules.signal = 'overdue_order' and coalesce(churn_signal_rules.gap_multiple, 0) <= 0
                then 'gap_multiple must be above 0'
            when churn_signal_rules.signal = 'smaller_orders' and coalesce(churn_signal_rules.recent_orders, 0) < 1
                then 'recent_orders must be 1 or more'
            when
                churn_signal_rules.signal in ('less_browsing', 'smaller_orders')
                and coalesce(churn_signal_rules.drop_share <= 0 or churn_signal_rules.drop_share >= 1, true)
                then 'drop_share must lie between 0 and 1'
        end as what_is_wrong
    from expected_signals
    full outer join churn_signal_rules on churn_signal_rules.signal = expected_signals.signal
)

select
    signal,
    what_is_wrong
from checked_signals
where what_is_wrong is not null
