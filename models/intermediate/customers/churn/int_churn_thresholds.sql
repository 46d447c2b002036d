with

churn_signal_rules as (
    select * from {{ ref('churn_signal_rules') }}
),

churn_definition as (
    select * from {{ ref('churn_definition') }}
)

select
    {%- for signal in churn_signals() %}
    max(churn_signal_rules.weight) filter (where churn_signal_rules.signal = '{{ signal }}') as {{ signal }}_weight,
    bool_or(churn_signal_rules.is_behaviour) filter (
        where churn_signal_rules.signal = '{{ signal }}'
    ) as {{ signal }}_is_behaviour,
    {%- endfor %}
    {%- for signal, column, name in [
        ('no_visit', 'recent_days', 'visit_recent_days'),
        ('no_visit', 'base_days', 'visit_base_days'),
        ('less_browsing', 'recent_days', 'browsing_recent_days'),
        ('less_browsing', 'base_days', 'browsing_base_days'),
        ('less_browsing', 'drop_share', 'browsing_drop_share'),
        ('open_cart', 'age_days_from', 'cart_age_days_from'),
        ('open_cart', 'age_days_to', 'cart_age_days_to'),
        ('overdue_order', 'gap_multiple', 'gap_multiple'),
        ('smaller_orders', 'recent_orders', 'recent_orders'),
        ('smaller_orders', 'drop_share', 'order_drop_share'),
    ] %}
    max(churn_signal_rules.{{ column }}) filter (where churn_signal_rules.signal = '{{ signal }}') as {{ name }},
    {%- endfor %}
    max(churn_definition.active_days) as active_days,
    max(churn_definition.churn_days) as churn_days,
    max(churn_definition.backtest_cutoffs) as backtest_cutoffs
from churn_signal_rules
cross join churn_definition
