{#
    An amount that holds the tax of its order's goods, without it: in the proportion of the goods after discounts.
    The amount itself where the prices are without tax. `charges` is the CTE of int_order_charges.
#}
{% macro without_tax(amount, charges='order_charges') -%}
    case
        when {{ charges }}.goods_tax_amount > 0 then {{ mean_amount(
            "(" ~ amount ~ ") * cast(" ~ charges ~ ".goods_charged * 100 as decimal(18, 0))",
            "cast((" ~ charges ~ ".goods_charged + " ~ charges ~ ".goods_tax_amount) * 100 as decimal(18, 0))"
        ) }}
        else {{ amount }}
    end
{%- endmacro %}
