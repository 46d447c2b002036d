{# Shopper types that are scored, as named in the seed shopper_type_rules; `<type>_score` is the column of each. #}
{% macro shopper_types() -%}
    {{ return(['simplifier', 'surfer', 'connector', 'bargainer', 'routiner', 'sportster']) }}
{%- endmacro %}


{# Measures that the seed shopper_type_rules may name: columns of int_shopper_type_measures. #}
{% macro shopper_type_measures() -%}
    {{ return([
        'sessions', 'orders', 'pages_per_session', 'seconds_per_session', 'orders_per_session', 'categories_viewed',
        'social_session_share', 'price_sort_share', 'discounted_order_share', 'leisure_view_share',
        'visit_gap_variation', 'days_since_first_visit',
    ]) }}
{%- endmacro %}
