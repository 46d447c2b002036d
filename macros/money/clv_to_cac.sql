{#
    Lifetime value for each unit of acquisition cost: the margin in it where cost is known (covered_revenue above 0 is
    the revenue that covered_gross_margin was made on), else the revenue; null without a cost above 0.
    `values` has the columns clv, covered_gross_margin and covered_revenue.
#}
{% macro clv_to_cac(values, cac) -%}
    case
        when {{ values }}.covered_revenue > 0
            then {{ rounded_ratio(
                "(" ~ values ~ ".clv * " ~ values ~ ".covered_gross_margin)",
                "(" ~ values ~ ".covered_revenue * " ~ cac ~ ")"
            ) }}
        else {{ rounded_ratio(values ~ ".clv", cac) }}
    end
{%- endmacro %}
