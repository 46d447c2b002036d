{#
    Why a product is recommended, as text in English (en) or Chinese (zh). Reads the relations explained_products,
    products, anchors and anchor_purchases of customer_recommendations. A product without a name is named by its id.
#}
{% macro recommendation_reason(language) -%}
    {%- set text = dbt.type_string() -%}
    {%- set own_date = 'explained_products.last_order_date' -%}
    {%- set anchor_date = 'anchor_purchases.last_order_date' -%}
    {%- set anchor = 'coalesce(anchors.product_name, explained_products.anchor_product_id)' -%}
    {%- set days = 'cast(explained_products.days_bought as ' ~ text ~ ')' -%}
    case
        {%- if language == 'en' %}
        when explained_products.reason_type = 'bought_before' and explained_products.days_bought > 1
            then 'you bought it on ' || {{ days }} || ' days, last in ' || {{ month_in_words(own_date) }}
        when explained_products.reason_type = 'bought_before'
            then 'you bought it in ' || {{ month_in_words(own_date) }} || ', and many buy it again'
        when explained_products.reason_type = 'bought_with'
            then 'bought with ' || {{ anchor }} || ', which you bought in ' || {{ month_in_words(anchor_date) }}
        when explained_products.reason_type = 'popular_in_category'
            then 'popular in ' || replace(products.category, '_', ' ')
        else 'popular with all customers'
        {%- else %}
        when explained_products.reason_type = 'bought_before' and explained_products.days_bought > 1
            then '您在 ' || {{ days }} || ' 天买过，最近一次是 ' || {{ month_in_chinese(own_date) }}
        when explained_products.reason_type = 'bought_before'
            then '您在 ' || {{ month_in_chinese(own_date) }} || '买过，很多顾客会再次购买'
        when explained_products.reason_type = 'bought_with'
            then '常与您在 ' || {{ month_in_chinese(anchor_date) }} || '购买的“' || {{ anchor }} || '”一起购买'
        when explained_products.reason_type = 'popular_in_category'
            then replace(products.category, '_', ' ') || ' 类热销商品'
        else '全店热销商品'
        {%- endif %}
    end
{%- endmacro %}


{# The month of a date in Chinese, such as 2025 年 5 月. #}
{% macro month_in_chinese(date) -%}
    {%- set text = dbt.type_string() -%}
    cast(extract(year from {{ date }}) as {{ text }})
    || ' 年 ' || cast(extract(month from {{ date }}) as {{ text }}) || ' 月'
{%- endmacro %}
