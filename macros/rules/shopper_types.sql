{# The types of shopper that are scored, as the seed shopper_type_rules names them; `<type>_score` holds each. #}
{% macro shopper_types() -%}
    {{ return(['simplifier', 'surfer', 'connector', 'bargainer', 'routiner', 'sportster']) }}
{%- endmacro %}


{# What the seed shopper_type_rules may measure: columns of int_shopper_measures. #}
{% macro shopper_measures() -%}
    {{ return([
        'sessions', 'orders', 'pages_per_session', 'seconds_per_session', 'orders_per_session', 'categories_viewed',
        'social_session_share', 'price_sort_share', 'discounted_order_share', 'leisure_view_share',
        'visit_gap_variation', 'days_since_first_visit',
    ]) }}
{%- endmacro %}
