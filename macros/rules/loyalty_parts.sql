{# The parts of loyalty, as the seed loyalty_rules names them; a column `<part>_score` (1 to 5) holds each. #}
{% macro loyalty_parts() -%}
    {{ return(['purchase_frequency', 'purchase_amount', 'repurchase', 'brand_intent', 'complaints']) }}
{%- endmacro %}
