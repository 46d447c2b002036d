{# The churn signals, as the seed churn_signal_rules names them; a column `has_<signal>` holds each. #}
{% macro churn_signals() -%}
    {{ return(['no_visit', 'less_browsing', 'open_cart', 'overdue_order', 'smaller_orders']) }}
{%- endmacro %}
