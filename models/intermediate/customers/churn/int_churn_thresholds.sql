with

churn_signal_rules as (select * from {{ ref('churn_signal_rules') }})

select
    {%- for signal in churn_signals() %}
    max(weight) filter (where signal = '{{ signal }}') as {{ signal }}_weight,
    max(reason_priority) filter (where signal = '{{ signal }}') as {{ signal }}_reason_priority,
    bool_or(is_behaviour) filter (where signal = '{{ signal }}') as {{ signal }}_is_behaviour,
    {%- endfor %}
    max(recent_days) filter (where signal = 'no_visit') as visit_recent_days,
    max(base_days) filter (where signal = 'no_visit') as visit_base_days,
    max(recent_days) filter (where signal = 'less_browsing') as browsing_recent_days,
    max(base_days) filter (where signal = 'less_browsing') as browsing_base_days,
    max(drop_share) filter (where signal = 'less_browsing') as browsing_drop_share,
    max(age_days_from) filter (where signal = 'open_cart') as cart_age_days_from,
    max(age_days_to) filter (where signal = 'open_cart') as cart_age_days_to,
    max(gap_multiple) filter (where signal = 'overdue_order') as gap_multiple,
    max(recent_orders) filter (where signal = 'smaller_orders') as recent_orders,
    max(drop_share) filter (where signal = 'smaller_orders') as order_drop_share
from churn_signal_rules
