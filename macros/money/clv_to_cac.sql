{#
    Value from acquisition on per unit of acquisition cost: its margin where cost is known (covered_revenue, the
    revenue behind covered_gross_margin, is above 0), else its revenue; null without an acquisition cost above 0.
    `values` has the columns clv_from_acquisition, covered_gross_margin and covered_revenue.
#}
{% macro clv_to_cac(values, cac) -%}
    case
        when {{ values }}.covered_revenue > 0
            then {{ rounded_ratio(
                "(" ~ values ~ ".clv_from_acquisition * " ~ values ~ ".covered_gross_margin)",
                "(" ~ values ~ ".covered_revenue * " ~ cac ~ ")"
            ) }}
        else {{ rounded_ratio(values ~ ".clv_from_acquisition", cac) }}
    end
{%- endmacro %}
