{# Attributes that the seed customer_tag_rules may name: columns of customers, and the spending level. #}
{% macro tag_attributes() -%}
    {{ return([
        'gender', 'age_band', 'city_tier', 'customer_type', 'occupation', 'member_level', 'primary_device',
        'primary_platform', 'active_hour_band', 'acquisition_channel', 'lifecycle_stage', 'customer_tier', 'value_tier',
        'rfm_segment', 'frequency_band', 'churn_risk', 'shopper_type', 'spending_level', 'top_category', 'top_brand',
    ]) }}
{%- endmacro %}


{# Measures that the seed may name; int_customer_tag_measures has a row for each known value. #}
{% macro tag_measures() -%}
    {{ return([
        'orders', 'refund_share', 'discounted_order_share', 'brand_affinity', 'recent_idle_visits', 'recent_carts_left',
        'nps_score', 'low_reviews', 'complaints', 'negative_about_quality', 'negative_about_price',
        'negative_about_logistics', 'negative_about_service',
    ]) }}
{%- endmacro %}
